// Every table of some rows can be sorted by a column, filtered by words, and saved as CSV.
const textOf = cell => cell.innerText.trim().replace(/\s*\n\s*/g, "; ");

function numberOf(text) {
  const found = text.replace(/\u2212/g, "-").replace(/[\u202f\u2009\u00a0](?=\d)/g, "").match(/^[>+]?\s*(-?[\d.]+)[\s\u2009\u202f]?([kMGmµn](?![a-z]))?/);
  const factors = {k: 1e3, M: 1e6, G: 1e9, m: 1e-3, "µ": 1e-6, n: 1e-9};
  return found ? Number(found[1]) * (factors[found[2]] ?? 1) : NaN;
}

function sortBy(table, column, button) {
  const down = button.parentElement.getAttribute("aria-sort") === "ascending";
  const body = table.tBodies[0];
  const value = row => textOf(row.cells[column] ?? row.cells[row.cells.length - 1]);
  const compare = (one, other) => {
    const [a, b] = [numberOf(one), numberOf(other)];
    return Number.isNaN(a) || Number.isNaN(b) ? one.localeCompare(other) : a - b;
  };
  body.append(...[...body.rows].sort((one, other) => (down ? -1 : 1) * compare(value(one), value(other))));
  for (const heading of table.tHead.rows[0].cells) heading.removeAttribute("aria-sort");
  button.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
}

function csvOf(table) {
  const quoted = text => /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  return [table.tHead.rows[0], ...table.tBodies[0].rows]
    .filter(row => !row.hidden)
    .map(row => [...row.cells].map(cell => quoted(textOf(cell))).join(",")).join("\r\n") + "\r\n";
}

function save(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], {type: "text/csv"}));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function addTools(table, number) {
  const name = table.closest("section")?.querySelector("h2")?.textContent ?? "key numbers";
  const tools = document.createElement("p");
  tools.className = "tools on-screen";
  const filter = Object.assign(document.createElement("input"), {type: "search", placeholder: "Filter rows"});
  filter.setAttribute("aria-label", `Filter rows of table ${number}, ${name}`);
  filter.addEventListener("input", () => {
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(filter.value.toLowerCase());
  });
  const csv = Object.assign(document.createElement("button"), {type: "button", textContent: "Save as CSV"});
  csv.setAttribute("aria-label", `Save as CSV: table ${number}, ${name}`);
  csv.addEventListener("click", () => save(csvOf(table), `${name.toLowerCase().replace(/\W+/g, "_")}_${number}.csv`));
  tools.append(filter, " ", csv);
  table.closest(".scroll").before(tools);
  // Rows below a heading of their own belong together.
  if (table.tBodies[0].querySelector("th[colspan]")) return;
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    // Unlike innerText, this needs no layout of the page.
    if (!heading.textContent.trim()) return;
    const button = Object.assign(document.createElement("button"), {type: "button", className: "sort"});
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, column, button));
    heading.append(button);
  });
}

[...document.querySelectorAll("main .scroll > table")]
  .filter(table => table.tHead && table.tBodies[0]?.rows.length > 2)
  .forEach((table, index) => addTools(table, index + 1));
