// Filters hide rows by a class and build nothing anew; everything they compare stands in data attributes as a number or a fixed word.
"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const rows = Array.from(document.querySelectorAll("#rows > details"));
  const form = find("filters"), status = find("shown"), text = find("by-text");
  const selects = { state: find("by-state"), target: find("by-target"), family: find("by-family"), severity: find("by-severity") };
  const attention = ["failed", "drifted", "not_examined"];
  let texts = null;

  document.documentElement.classList.add("js");

  const fits = {
    state: (row, wanted) =>
      wanted === "attention" ? attention.includes(row.dataset.state) : wanted === "new" ? row.dataset.new === "new" : row.dataset.state === wanted,
  };

  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    // Read once, at the first search: a large report should open at once.
    if (words.length && !texts) texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const wanted = Object.entries(selects).filter(([, select]) => select.value);
    let count = 0;
    for (const row of rows) {
      const fit =
        wanted.every(([name, select]) => (fits[name] ? fits[name](row, select.value) : row.dataset[name] === select.value)) &&
        words.every((word) => texts.get(row).includes(word));
      row.classList.toggle("out", !fit);
      if (fit) count += 1;
    }
    const filtered = words.length || wanted.length;
    status.textContent = `${count} of ${rows.length} rows shown` + (filtered ? " (filtered)" : "");
    status.classList.toggle("filtered", Boolean(filtered));
  }

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields are empty only after the event.
  form.addEventListener("reset", () => setTimeout(apply));

  // Links of the overview, the areas and the map filter, where there is a script; else they lead to the rows.
  document.querySelector("main").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-state], a[data-family], a[data-target]");
    if (!link) return;
    event.preventDefault();
    text.value = "";
    for (const [name, select] of Object.entries(selects)) {
      select.value = link.dataset[name] || "";
      // A state no row is in has no option.
      if (select.selectedIndex < 0) select.value = "";
    }
    apply();
    find("findings").scrollIntoView();
    find("findings").focus({ preventScroll: true });
  });

  find("expand").addEventListener("click", () => rows.forEach((row) => { if (!row.classList.contains("out")) row.open = true; }));
  find("collapse").addEventListener("click", () => rows.forEach((row) => { row.open = false; }));

  // A link to a row shows it, whatever the filters say.
  function arrive() {
    const row = location.hash.startsWith("#row-") && find(location.hash.slice(1));
    if (!row) return;
    if (row.classList.contains("out")) {
      form.reset();
      for (const one of rows) one.classList.remove("out");
    }
    row.open = true;
    row.scrollIntoView();
    row.querySelector("summary").focus({ preventScroll: true });
  }
  addEventListener("hashchange", arrive);
  // A link to the row one was sent to before changes no hash.
  document.addEventListener("click", (event) => { if (event.target.closest('a[href^="#row-"]')) setTimeout(arrive); });

  function select(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  find("rows").addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const command = button.parentElement.querySelector("code");
    let done = "Copied";
    try {
      await navigator.clipboard.writeText(command.textContent);
    } catch {
      // Some browsers refuse a page that was opened from a file.
      select(command);
      done = "Selected";
    }
    button.textContent = done;
    status.textContent = done === "Copied" ? "Command copied" : "Command selected, copy it with the keyboard";
    setTimeout(() => { button.textContent = "Copy"; apply(); }, 2000);
  });

  // On paper nobody can open anything. What is open for that reason only is closed again.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = rows.filter((row) => !row.open && row.classList.contains("explained") && !row.classList.contains("out"));
    for (const row of opened) row.open = true;
  });
  addEventListener("afterprint", () => { for (const row of opened) row.open = false; });

  // The browser may have kept the fields of an earlier visit.
  apply();
  arrive();
})();
