// Charts from the figures that also stand in the table below each: at most five series, direct
// labels, the accent for now and grey for before, bars from zero.
"use strict";

(() => {
  const style = () => getComputedStyle(document.documentElement);
  const colour = (name) => style().getPropertyValue(name).trim();
  const drawn = [];

  function options(chart, narrow) {
    const ink = colour("--ink-2"), line = colour("--line");
    const now = [colour("--accent-word"), colour("--working"), colour("--done"), colour("--waiting")];
    const lying = chart.kind === "bar" && chart.labels.length > (narrow ? 4 : 6);
    const names = {
      type: "category", data: chart.labels, inverse: lying,
      axisLabel: { color: ink, fontSize: 13, interval: 0 }, axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
    };
    const values = {
      type: "value", min: 0, max: chart.unit === "%" ? 100 : undefined, minInterval: 1,
      axisLabel: { color: ink, fontSize: 13 }, splitLine: { lineStyle: { color: line } },
    };
    let next = 0;
    return {
      animation: false,
      grid: { left: 8, right: lying ? 48 : 16, top: 28, bottom: 8, containLabel: true },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: chart.series.slice(0, 5).map((one) => ({
        name: one.name, type: chart.kind, data: one.values, barMaxWidth: 36,
        itemStyle: { color: one.before ? "#8b9099" : now[next++ % now.length] },
        label: {
          show: true, position: lying ? "right" : "top", color: ink, fontSize: 13,
          formatter: (point) => `${point.value}${chart.unit === "%" ? "%" : ""}`,
        },
      })),
    };
  }

  function legend(box, chart) {
    if (chart.series.length < 2) return;
    const list = document.createElement("p");
    list.className = "hint";
    list.textContent = chart.series.map((one) => `${one.before ? "灰柱" : "彩柱"}：${one.name}`).join("　");
    box.after(list);
  }

  function draw(box) {
    const chart = JSON.parse(box.dataset.chart);
    box.hidden = false;
    if (chart.kind === "bar" && chart.labels.length > 6) box.style.height = `${60 + chart.labels.length * 34}px`;
    const made = echarts.init(box, null, { renderer: "canvas" });
    const show = () => { made.resize(); made.setOption(options(chart, box.clientWidth < 500), true); };
    show();
    legend(box, chart);
    drawn.push(show);
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (typeof echarts === "undefined") return;
    document.querySelectorAll("[data-chart]").forEach(draw);
  });
  addEventListener("resize", () => drawn.forEach((show) => show()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((show) => show()));
})();
