(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const text = document.getElementById("filter-text");
  const state = document.getElementById("filter-state");
  const shown = document.getElementById("filter-count");
  const tasks = [...document.querySelectorAll("details.task")];
  const rows = [...document.querySelectorAll("tr[data-state]")].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = words.length > 0 || state.value !== "";
    let count = 0;
    for (const { row, text } of rows) {
      const keep = (state.value === "" || row.dataset.state === state.value) && words.every((word) => text.includes(word));
      row.hidden = !keep;
      count += keep;
    }
    for (const task of tasks) {
      const any = task.querySelector("tr[data-state]:not([hidden])") !== null;
      task.hidden = active && !any;
      task.open = active && any;
    }
    shown.value = active ? `${count} of ${rows.length}` : "";
  };
  text.addEventListener("input", apply);
  state.addEventListener("input", apply);
  // Paper shows what a click would.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
})();
