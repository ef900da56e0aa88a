"""A system under test in Python: the contracts `mixer` and `ring` over the protocol of PROTOCOL.md. Python 3.8, no packages."""
import decimal, functools, json, math, sys
class Rejected(Exception): pass  # what the contract rejects: an observation, and nothing may have changed
def require(*checks):  # conditions, each followed by its error code; the first that does not hold decides
    for holds, code in zip(checks[::2], checks[1::2]):
        if not holds: raise Rejected(code)
@functools.lru_cache(maxsize=None)
def factor(db):  # GAIN-001: round(10^(dB/20) x 65536), with dB in Q8.8; GAIN-002: the minimum is silence; GAIN-003: its range
    require(-24576 <= db <= 3072, "out_of_range")
    exact = decimal.Context(prec=50).power(10, decimal.Decimal(db) / 5120) * 65536
    return 0 if db == -24576 else int(exact.to_integral_value(decimal.ROUND_HALF_UP))

class Mixer:
    def __init__(self, config): self.soft, self.gains, self.level, self.muted = config["curve"] == "soft", {}, 65536, False
    def open(self, _):
        require(len(self.gains) < 16, "too_many_streams")
        stream = min(set(range(16)) - set(self.gains))  # MIXER-001: the lowest free id
        self.gains[stream] = factor(0)  # MIXER-002: a new stream has 0 dB
        return {"opened": stream}
    def close(self, stream): require(self.gains.pop(stream, None) is not None, "unknown_stream")  # MIXER-015
    def set_gain(self, args): require(args[0] in self.gains, "unknown_stream"); self.gains[args[0]] = factor(args[1])
    def set_level(self, level): require(level <= 65536, "out_of_range"); self.level = level
    def mute(self, muted): self.muted = muted  # MIXER-009: the level is remembered
    def curve(self, y):
        if not self.soft: return max(-32768, min(32767, y))  # MIXER-006
        d, sign = abs(y) - 24575, 1 if y >= 0 else -1
        return y if d <= 0 else sign * (24575 + d - (d * d + 16384) // 32768 if d < 16384 else 32767)  # MIXER-007
    def clip(self, args):
        first, last = args["first"], args["first"] + args["count"] - 1
        require(args["count"] <= 65536, "oversized_input", abs(first) <= 2087232 and last <= 2087232, "out_of_range")
        return {"clipped": [self.curve(y) for y in range(first, last + 1)]}
    def mix(self, args):
        frames, named, sums = args["frames"], [], [0] * (2 * min(args["frames"], 480))
        require(1 <= frames <= 480, "out_of_range")
        for stream, pcm in ((given["stream"], given["pcm"]) for given in args["inputs"]):
            require(stream in self.gains, "unknown_stream", stream not in named, "duplicate_stream")
            require(len(pcm) <= 2 * frames, "oversized_input", len(pcm) % 2 == 0, "misaligned")
            named.append(stream)
            for i, sample in enumerate(pcm): sums[i] += sample * self.gains[stream]  # MIXER-003: unrounded; MIXER-014
        q32 = [0 if self.muted else total * self.level for total in sums]  # MIXER-005: the level comes before the curve
        exact = [(abs(y) + 2**31) // 2**32 * (1 if y >= 0 else -1) for y in q32]  # MIXER-004: one rounding, half away from zero
        pcm = [self.curve(y) for y in exact]
        peak = [max(map(abs, pcm[channel::2])) for channel in (0, 1)]  # MIXER-010
        rms = [math.isqrt(sum(y * y for y in pcm[channel::2]) // frames) for channel in (0, 1)]  # MIXER-011
        return {"mixed": {"pcm": pcm, "clipped": sum(map(int.__ne__, exact, pcm)), "peak": peak, "rms": rms}}  # MIXER-008

class Ring:
    def __init__(self, config):
        self.size = config["capacity_frames"]
        require(1 <= self.size <= 1920, "out_of_range")  # RING-002, RING-014
        self.frames, self.started, self.shared_write, self.shared_read = [(0, 0)] * self.size, False, 0, 0
        self.n = dict(written=0, read=0, underrun_events=0, missing_frames=0, paused=False, faulted=False)
    def write(self, pcm):
        unread = (self.n["written"] - self.shared_read) % 2**64  # RING-011, RING-012: u64 counters
        require(len(pcm) <= 96000, "oversized_input", len(pcm) % 2 == 0, "misaligned", unread <= self.size, "ring_fault")
        taken = min(len(pcm) // 2, self.size - unread)  # RING-004: what fits, and never over an unread frame
        for i in range(taken): self.frames[(self.n["written"] + i) % self.size] = pcm[2 * i : 2 * i + 2]  # RING-003
        self.shared_write = self.n["written"] = self.n["written"] + taken
        return {"wrote": taken}
    def read(self, wanted):
        available = (self.shared_write - self.n["read"]) % 2**64  # RING-010: its own read counter
        self.n["faulted"] |= wanted <= 48000 and available > self.size  # RING-009: latched
        require(wanted <= 48000, "out_of_range", not self.n["faulted"], "ring_fault")
        places = range(self.n["read"], self.n["read"] + min(wanted, available))  # RING-005
        self.shared_read = self.n["read"] = places.stop
        return {"pcm": [sample for place in places for sample in self.frames[place % self.size]]}  # RING-001
    def pull(self, wanted):
        require(1 <= wanted <= 480, "out_of_range")
        if self.n["paused"] and not self.n["faulted"]: return {"pcm": [0] * (2 * wanted)}  # RING-008
        missing = wanted - len(pcm := self.read(wanted)["pcm"]) // 2
        self.n["underrun_events"] += self.started and missing > 0  # RING-007: counted from the first full pull on
        self.n["missing_frames"] += self.started and missing
        self.started |= missing == 0
        return {"pcm": pcm + [0] * (2 * missing)}  # RING-006
    def pause(self, _): self.n["paused"] = True
    def resume(self, _): self.n["paused"] = False
    def forge_write_index(self, counter): self.shared_write = counter
    def forge_read_index(self, counter): self.shared_read = counter
    def stats(self, _):
        fill = (self.shared_write - self.n["read"]) % 2**64
        return {"stats": dict(self.n, fill=0 if self.n["faulted"] or fill > self.size else fill)}
    def layout(self, _): return {"layout": {"write_index": 0, "read_index": 64, "pcm": 128, "bytes": 7808}}  # RING-015

def observe(op):  # an operation is "name" or {"name": argument}; one that has nothing to tell gives "done"
    name, argument = (op, None) if isinstance(op, str) else list(op.items())[0]
    try: return getattr(machine, name)(argument) or "done"
    except Rejected as rejected: return {"rejected": str(rejected)}
machine, parts = None, {"mixer": ["curve.soft", "curve.saturate"], "ring": []}
for line in sys.stdin:
    ask = json.loads(line)
    answer = {"id": ask["id"]} if "id" in ask else {"hello": {"protocol": 1, "name": "example in Python", "contracts": parts}}
    try:
        if "reset" in ask:
            machine, kind = None, {"mixer": Mixer, "ring": Ring}[ask["reset"]["contract"]]
            machine, answer["reset"] = kind(ask["reset"]["config"]), "ok"
        elif "run" in ask: answer["run"] = [observe(op) for op in ask["run"]]
    except Rejected as rejected: answer["reset"] = {"rejected": str(rejected)}
    except Exception as error: answer["error"] = repr(error)
    print(json.dumps(answer, separators=(",", ":")), flush=True)
