// What makes pages quicker to use. Everything works without it.
import { keepDrafts } from "./drafts.js";

const say = document.body.dataset;
const english = document.documentElement.lang === "en";

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.bsTheme ? root.dataset.bsTheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.bsTheme);
}

function themeSwitches() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", switchTheme);
  }
}

function confirmations() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });
}

function menus() {
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (location.hash === "#nav") location.hash = "#main";
  });
}

function tables() {
  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    form.addEventListener("change", (event) => event.target.tagName === "SELECT" && form.requestSubmit());
    // An empty value says nothing: keep it out of the address.
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }
  for (const table of document.querySelectorAll("table.table-cards")) {
    const titles = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, place) => {
        if (titles[place]) cell.dataset.title = titles[place];
        cell.classList.toggle("is-empty", !cell.textContent.trim() && !cell.querySelector("input, select, textarea, button, img, svg"));
      });
    }
    table.classList.add("has-titles");
  }
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function inWords(seconds) {
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? UNITS[2];
  const number = Math.floor(Math.abs(seconds) / size);
  if (english) return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(seconds < 0 ? -number : number, unit);
  const word = { day: "天", hour: "小时", minute: "分钟" }[unit];
  return (seconds < 0 ? "已过" : "还有") + number + word;
}

// Only the last two days count down; the server's clock (which a demonstration may move) is the one that counts.
function countdowns() {
  const started = Date.now();
  const server = Date.parse(document.querySelector("meta[name=server-time]")?.content ?? "");
  if (Number.isNaN(server)) return;
  const tick = () => {
    const now = server + (Date.now() - started);
    for (const words of document.querySelectorAll("[data-countdown]")) {
      const seconds = (Date.parse(words.dataset.countdown) - now) / 1000;
      if (words.dataset.countdown.includes("T") && Math.abs(seconds) < 172800) words.textContent = inWords(seconds);
    }
  };
  setInterval(tick, 30000);
}

function amounts() {
  for (const input of document.querySelectorAll("input[data-money]")) {
    const words = document.createElement("div");
    words.className = "field-echo";
    (input.closest(".input-group") ?? input).after(words);
    const show = () => {
      const value = Number(input.value.replaceAll(",", ""));
      if (!value) words.textContent = "";
      else words.textContent = value.toLocaleString("en", { maximumFractionDigits: 2 }) + (english || Math.abs(value) < 10000 ? "" : ` = ${(value / 10000).toLocaleString("en", { maximumFractionDigits: 6 })} ${say.sayWan}`);
    };
    input.addEventListener("input", show);
    show();
  }
}

function fileDrops() {
  for (const drop of document.querySelectorAll("[data-file-drop]")) {
    const input = drop.querySelector("input[type=file]");
    const names = drop.querySelector(".file-names");
    const show = () => names.replaceChildren(...[...input.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name })));
    input.addEventListener("change", show);
    drop.addEventListener("dragover", (event) => (event.preventDefault(), drop.classList.add("is-over")));
    drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("is-over");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

themeSwitches();
confirmations();
menus();
tables();
countdowns();
amounts();
fileDrops();
keepDrafts(say.sayLeave, say.sayDraft);
document.querySelector(".error-summary")?.focus();
