"use strict";
for (const input of document.querySelectorAll("input[data-for=search]")) {
  const table = document.querySelector("table[data-search]");
  const count = document.querySelector("[data-count]");
  const rows = [...table.tBodies[0].rows];
  input.form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    const words = input.value.normalize("NFKC").trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? `${shown} 行` : "";
  });
}
