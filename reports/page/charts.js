// Charts to explore. They come packed, and are unpacked when the reader comes near them.
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), letter => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

const section = document.getElementById("explore");
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const options = {mode: "vega-lite", actions: {export: true, source: false, compiled: false, editor: false}, theme: dark ? "dark" : undefined,
                 renderer: "svg", logLevel: 0, config: {background: "transparent", font: "Figure, sans-serif", view: {stroke: null}}};
const percent = {format: ".1%"}, brief = {format: ".3s"};
const accuracy = {field: "accuracy", type: "quantitative", axis: {format: ".0%"}, title: "accuracy"};

function choose(name, values, label) {
  return {name, value: values[0], bind: {input: "select", options: values, name: label}};
}

const byNumber = rows => [...new Map(rows.map(row => [row.synapse, row.synapse_s ?? 0])).entries()]
  .sort((one, other) => one[1] - other[1]).map(([name]) => name);

const settingsOf = (data, network, seed) => data.settings.filter(row => row.network === network && row.seed === seed);
const best = (data, network, seed) => settingsOf(data, network, seed).reduce((one, other) => other.accuracy > one.accuracy ? other : one);

function sweepChart(data) {
  const synapses = byNumber(data.settings), width = Math.min(265, innerWidth - 150);
  const seeds = [...new Set(data.settings.map(row => row.seed))];
  const picked = {condition: {param: "picked", value: 1, empty: false}, value: dark ? 0.7 : 0.6};
  const ring = {condition: {param: "picked", value: 3, empty: false}, value: 0.4};
  const tooltip = [{field: "synapse"}, {field: "scale"}, {field: "accuracy", ...percent}, {field: "ann", title: "ANN", ...percent},
                   {field: "spikes", ...brief}, {field: "synops", ...brief}, {field: "operations", ...brief}];
  const ofNetwork = [{filter: "datum.network === network"}];
  const settings = {data: {values: data.settings}, transform: [...ofNetwork, {filter: "datum.seed === seed"}]};
  const synapse = {field: "synapse", type: "ordinal", sort: synapses, title: "synapse"};
  const scale = {field: "scale", type: "ordinal", title: "scale of the firing rates"};
  const colour = {field: "accuracy", type: "quantitative", scale: {scheme: "viridis"}, legend: {format: ".0%"}};
  const stroke = {value: dark ? "white" : "black"};
  return {
    params: [choose("network", data.networks, "Network "), choose("seed", seeds, " Seed "),
             {name: "picked", select: {type: "point", fields: ["synapse", "scale"]}, views: ["map", "front"],
              // At first, the most accurate setting of the first network.
              value: [best(data, data.networks[0], seeds[0])].map(({synapse, scale}) => ({synapse, scale}))}],
    columns: innerWidth < 1150 ? 1 : 3,
    concat: [
      {name: "map", ...settings, title: "Accuracy over synapse and scale", width, height: 230, mark: {type: "rect", cursor: "pointer"},
       encoding: {x: {...scale, axis: {labelAngle: 0}}, y: synapse, color: colour, stroke, strokeWidth: ring, tooltip}},
      {...settings, title: "Accuracy against cost, and the Pareto front", width, height: 230,
       encoding: {x: {field: "operations", type: "quantitative", scale: {type: "log"}, axis: {format: "~s"}, title: "operations per image"}, y: accuracy},
       layer: [
         {transform: [{filter: "datum.front"}], mark: {type: "line", color: dark ? "white" : "black", strokeWidth: 1}},
         {name: "front", mark: {type: "circle", size: 90, cursor: "pointer"}, encoding: {color: colour, stroke, strokeWidth: ring, opacity: picked, tooltip}}]},
      {data: {values: data.layers}, transform: [...ofNetwork, {filter: {param: "picked", empty: false}}],
       title: "Layers, mean over seeds", width: Math.min(180, width), height: 230, mark: "bar",
       encoding: {y: {field: "layer", type: "ordinal", sort: null, title: null},
                  x: {field: "rate", type: "quantitative", title: "mean firing rate (Hz)"}, color: {value: dark ? "#7cc4dd" : "#17607a"},
                  tooltip: [{field: "layer"}, {field: "rate", title: "rate (Hz)", ...brief}, {field: "spikes", ...brief}, {field: "synops", ...brief}]}},
    ],
  };
}

function timeChart(data) {
  const synapses = byNumber(data.over_time), width = Math.min(370, innerWidth - 150);
  const rows = data.over_time.flatMap(row => row.time.map((time, step) => ({network: row.network, synapse: row.synapse, scale: row.scale,
    step: Math.round(1000 * time), last: Math.round(1000 * row.time.at(-1)), accuracy: row.accuracy[step], synops: row.synops[step]})));
  // Networks may be shown for different times: one that is shown for less is read at its end.
  const now = "datum.step === min(read, datum.last)";
  const last = Math.max(...rows.map(row => row.step));
  const scale = {field: "scale", type: "ordinal", scale: {scheme: "viridis"}, title: "scale"};
  const tooltip = [{field: "synapse"}, {field: "scale"}, {field: "step", title: "ms"}, {field: "accuracy", ...percent}, {field: "synops", ...brief}];
  return {
    data: {values: rows},
    transform: [{filter: "datum.network === network"}],
    params: [choose("network", data.networks, "Network "), {...choose("synapse", synapses, " Synapse "), value: synapses.at(-2) ?? synapses[0]},
             {name: "read", value: last, bind: {input: "range", min: 1, max: last, step: 1, name: " Read after (ms) "}}],
    columns: innerWidth < 1150 ? 1 : 2,
    concat: [
      {title: "Accuracy over time", width, height: 230, layer: [
        {transform: [{filter: "datum.synapse === synapse"}], mark: "line", encoding: {x: {field: "step", type: "quantitative", title: "time since the image appeared (ms)"}, y: accuracy, color: scale}},
        {transform: [{filter: `datum.synapse === synapse && ${now}`}], mark: {type: "point", filled: true, size: 50}, encoding: {x: {field: "step", type: "quantitative"}, y: accuracy, color: scale, tooltip}},
        {data: {values: [{}]}, transform: [{calculate: "read", as: "read"}], mark: {type: "rule", strokeDash: [4, 3], color: dark ? "white" : "black"}, encoding: {x: {field: "read", type: "quantitative"}}}]},
      {title: "Accuracy against synops by then", width, height: 230, transform: [{filter: `${now} && datum.synops > 0`}], mark: {type: "circle", size: 70},
       encoding: {x: {field: "synops", type: "quantitative", scale: {type: "log"}, axis: {format: "~s"}, title: "synops per image up to then"}, y: accuracy, color: scale,
                  opacity: {condition: {test: "datum.synapse === synapse", value: 1}, value: 0.25}, tooltip}},
    ],
  };
}

// The picked setting as the config writes it.
function configOf(row) {
  return `firing_rates:\n  settings:\n    - {synapse_s: ${row.synapse_s ?? "none"}, scale_firing_rates: ${row.scale}}\n`;
}

function showPicked(view, data) {
  const shown = document.getElementById("picked-config"), words = document.getElementById("picked-words"), copy = document.getElementById("copy-config");
  const update = () => {
    const [synapse, scale] = view.data("picked_store")[0]?.values ?? [];
    const row = data.settings.find(one => one.network === view.signal("network") && one.seed === view.signal("seed")
                                          && one.synapse === synapse && one.scale === scale);
    copy.disabled = shown.hidden = !row;
    shown.textContent = row ? configOf(row) : "";
    words.textContent = row ? `${row.network}, ${row.synapse === "none" ? "no" : row.synapse} synapse, scale ${row.scale}: ${(100 * row.accuracy).toFixed(1)} %, `
      + `${Math.round(row.spikes)} spikes and ${Math.round(row.synops)} synops per image.` : "No setting is picked.";
  };
  view.addDataListener("picked_store", update);
  for (const signal of ["network", "seed"]) view.addSignalListener(signal, update);
  update();
  copy.addEventListener("click", async () => {
    // Pages that were opened as a file may not use the clipboard: then the text is selected, to be copied by hand.
    try { await navigator.clipboard.writeText(shown.textContent); copy.textContent = "Copied"; }
    catch { getSelection().selectAllChildren(shown); copy.textContent = "Selected: copy it with Ctrl+C"; }
  });
}

// A setting is also picked by arrow keys, and when another network is chosen: then its most accurate one.
function pickOtherwise(view, data) {
  const [{unit, fields, values: first}] = view.data("picked_store"), seeds = document.querySelectorAll("#choose-sweep select")[1];
  const pick = row => view.data("picked_store", [{unit, fields, values: [row.synapse, row.scale]}]).runAsync();
  // Of the seeds, those that the network has.
  const offer = () => {
    for (const option of seeds.options) option.hidden = option.disabled = !settingsOf(data, view.signal("network"), option.text).length;
  };
  const other = async () => {
    offer();
    const network = view.signal("network");
    if (!settingsOf(data, network, view.signal("seed")).length) await view.signal("seed", seeds.options[0].text).runAsync();
    pick(best(data, network, view.signal("seed")));
  };
  view.addSignalListener("network", () => setTimeout(other));
  offer();
  document.querySelector("#chart-sweep").parentElement.addEventListener("keydown", event => {
    const [sideways, up] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key] ?? [0, 0];
    const rows = settingsOf(data, view.signal("network"), view.signal("seed")), [tuple] = view.data("picked_store");
    if (event.target !== event.currentTarget || !(sideways || up) || !rows.length) return;
    event.preventDefault();
    const synapses = byNumber(rows), scales = [...new Set(rows.map(row => row.scale))].sort((one, other) => one - other);
    const [synapse, scale] = tuple?.values ?? first;
    const next = (list, value, step) => list[Math.min(list.length - 1, Math.max(0, list.indexOf(value) + step))];
    const row = rows.find(one => one.synapse === next(synapses, synapse, up) && one.scale === next(scales, scale, sideways));
    if (row) pick(row);
  });
}

async function draw() {
  const script = document.createElement("script");
  script.textContent = await unpacked("chart-program");
  document.head.append(script);
  const data = JSON.parse(await unpacked("chart-data"));
  const {view} = await vegaEmbed("#chart-sweep", sweepChart(data), {...options, bind: "#choose-sweep"});
  showPicked(view, data);
  pickOtherwise(view, data);
  const time = await vegaEmbed("#chart-time", timeChart(data), {...options, bind: "#choose-time"});
  for (const menu of section.querySelectorAll(".vega-embed summary")) menu.setAttribute("aria-label", "Save this chart as a picture");
  section.dataset.drawn = "yes";
  globalThis.charts = {sweep: view, time: time.view, data};
}

if (section && document.getElementById("chart-program") && "DecompressionStream" in globalThis) {
  section.hidden = false;
  for (const link of document.querySelectorAll("[data-charts]")) link.hidden = false;
  const watch = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) { watch.disconnect(); draw(); }
  }, {rootMargin: "600px"});
  watch.observe(section);
}
