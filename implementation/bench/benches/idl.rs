//! A request encoded and decoded, into a buffer that is reused, beside postcard on the same values.
//!
//! postcard's bytes have no schema that another language could read, no version and no bounds: it is what serialisation costs at
//! the least.

use criterion::{Criterion, criterion_group, criterion_main};
use spec::idl::{Call, Gain, IDL_PCM_BYTES_MAX, Request};
use std::hint::black_box;

fn beside_postcard(c: &mut Criterion, name: &str, call: Call<'static>) {
    let request = Request { sequence: 7, claimed: None, call };
    let mut group = c.benchmark_group(name);
    let mut buffer = Vec::new();
    idl::encode_request(&request, &mut buffer).expect("a request in bounds");
    assert_eq!(idl::decode_request(&buffer).as_ref(), Ok(&request));
    group.bench_function("idl", |b| {
        b.iter(|| {
            idl::encode_request(black_box(&request), &mut buffer).expect("a request in bounds");
            let decoded = idl::decode_request(black_box(&buffer)).expect("a request");
            black_box(decoded.sequence)
        });
    });
    let mut bytes = vec![0; 2 * IDL_PCM_BYTES_MAX as usize];
    group.bench_function("postcard", |b| {
        b.iter(|| {
            let encoded = postcard::to_slice(black_box(&request), &mut bytes).expect("a request that fits");
            let decoded: Request<'_> = postcard::from_bytes(black_box(encoded)).expect("a request");
            black_box(decoded.sequence)
        });
    });
    group.finish();
}

fn messages(c: &mut Criterion) {
    beside_postcard(c, "message_gain", Call::SetStreamGain(Gain { id: 3, db_q8_8: -1536 }));
    beside_postcard(c, "message_open_stream", Call::OpenStream("com.example.media.sample".into()));
    let pcm: Vec<u8> = (0..IDL_PCM_BYTES_MAX).map(|index| (index * 31) as u8).collect();
    beside_postcard(c, "message_write_of_a_ring", Call::Write { stream: 3, pcm: pcm.into() });
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1));
    targets = messages
}
criterion_main!(benches);
