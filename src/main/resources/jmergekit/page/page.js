"use strict";
(() => {
  const root = document.documentElement;
  const fail = (what) => { root.dataset.error = what; };
  window.addEventListener("error", (event) => fail(event.message));
  document.addEventListener("securitypolicyviolation", (event) => fail(event.violatedDirective));

  const svgName = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);

  // The points of a heat map are the cells of its table.
  const cells = (chart) => chart.rows.flatMap((row, r) => row.slice(1).map((text, c) => [
    chart.grid.x + c * chart.grid.right,
    chart.grid.y + r * chart.grid.down,
    row[0] + ", " + chart.columns[c + 1] + ": " + (text || "no value"),
  ]));
  const mark = (grid) => {
    const ring = document.createElementNS(svgName, grid ? "rect" : "circle");
    ring.setAttribute("class", "ring");
    if (grid) {
      ring.setAttribute("width", grid.right);
      ring.setAttribute("height", grid.down);
    } else {
      ring.setAttribute("r", "6");
    }
    return ring;
  };

  // Pointers and keys both choose a point; the chosen one is ringed, and its text shown and said.
  const listen = (box, points, grid, width) => {
    const svg = box.querySelector("svg");
    const figure = box.parentElement;
    const said = document.getElementById(box.id + "-said");
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true");
    figure.append(tip);
    const ring = mark(grid);
    let chosen = -1;

    const hide = () => {
      tip.hidden = true;
      ring.remove();
    };
    const show = (index, aloud) => {
      chosen = index;
      const [x, y, text] = points[index];
      ring.setAttribute(grid ? "x" : "cx", grid ? x - grid.right / 2 : x);
      ring.setAttribute(grid ? "y" : "cy", grid ? y - grid.down / 2 : y);
      svg.append(ring);
      tip.textContent = text;
      tip.hidden = false;
      if (aloud) {
        said.textContent = text;
        const visible = ring.getBoundingClientRect();
        const frame = box.getBoundingClientRect();
        if (frame.left > visible.left) {
          box.scrollLeft -= frame.left - visible.left + 40;
        } else if (visible.right > frame.right) {
          box.scrollLeft += visible.right - frame.right + 40;
        }
      }
      const at = ring.getBoundingClientRect();
      const frame = figure.getBoundingClientRect();
      const left = at.left - frame.left + at.width / 2 - tip.offsetWidth / 2;
      const most = frame.width - tip.offsetWidth;
      tip.style.left = Math.max(0, Math.min(left, most)) + "px";
      tip.style.top = Math.max(0, at.top - frame.top - tip.offsetHeight - 6) + "px";
    };
    const nearest = (event) => {
      const matrix = svg.getScreenCTM();
      const x = (event.clientX - matrix.e) / matrix.a;
      const y = (event.clientY - matrix.f) / matrix.d;
      if (grid) {
        const column = Math.round((x - grid.x) / grid.right);
        const row = Math.round((y - grid.y) / grid.down);
        const inside = column >= 0 && width > column && row >= 0 && points.length > row * width;
        return inside ? row * width + column : -1;
      }
      let best = -1;
      let least = 28 * 28;
      points.forEach((point, index) => {
        const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
        if (least > distance) {
          least = distance;
          best = index;
        }
      });
      return best;
    };
    const follow = (event) => {
      const index = nearest(event);
      if (index === -1) {
        hide();
      } else {
        show(index, false);
      }
    };
    // Up and down are for tables: elsewhere they scroll the page.
    const next = (key) => {
      const last = points.length - 1;
      const down = grid && points.length > chosen + width ? chosen + width : undefined;
      const up = grid && chosen >= width ? chosen - width : undefined;
      return {
        ArrowRight: Math.min(chosen + 1, last),
        ArrowLeft: Math.max(chosen - 1, 0),
        ArrowDown: down,
        ArrowUp: up,
        Home: 0,
        End: last,
      }[key];
    };
    box.addEventListener("pointermove", follow);
    box.addEventListener("pointerdown", follow);
    box.addEventListener("pointerleave", hide);
    box.addEventListener("blur", hide);
    box.addEventListener("keydown", (event) => {
      const index = next(event.key);
      if (event.key === "Escape") {
        hide();
      } else if (index !== undefined) {
        event.preventDefault();
        show(index, true);
      }
    });
  };

  const cell = (name, text, isNumber) => {
    const element = document.createElement(name);
    element.textContent = text;
    element.className = isNumber ? "number" : "";
    return element;
  };
  const table = (chart) => {
    const box = document.createElement("div");
    box.className = "scroll";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", chart.title);
    const element = box.appendChild(document.createElement("table"));
    const headings = element.createTHead().insertRow();
    chart.columns.forEach((text, i) => {
      headings.append(cell("th", text, i > 0));
      headings.lastChild.scope = "col";
    });
    const body = element.createTBody();
    chart.rows.forEach((texts) => {
      const row = body.insertRow();
      texts.forEach((text, i) => row.append(cell(i > 0 ? "td" : "th", text, i > 0)));
      row.firstChild.scope = "row";
    });
    return box;
  };
  Object.entries(data.charts).forEach(([id, chart]) => {
    const box = document.getElementById(id);
    const points = chart.grid ? cells(chart) : chart.points;
    if (points.length > 0) {
      listen(box, points, chart.grid, chart.grid && chart.columns.length - 1);
    }
    const values = box.parentElement.querySelector(".values");
    if (values) {
      values.hidden = false;
      values.addEventListener("toggle", () => values.append(table(chart)), { once: true });
    }
  });

  document.querySelectorAll(".choice").forEach((choice) => {
    const select = choice.querySelector("select");
    const options = [...choice.querySelectorAll(".option")];
    const choose = () => options.forEach((option, i) => {
      option.classList.toggle("away", i !== Number(select.value));
    });
    select.parentElement.hidden = false;
    select.addEventListener("change", choose);
    choose();
  });

  // Numbers are compared as such; what is none, such as a dash, comes last.
  const number = (text) => {
    const plain = text.replaceAll(",", "");
    const value = Number.parseFloat(plain);
    return Number.isNaN(value) ? (plain === "infinite" ? Infinity : undefined) : value;
  };
  const order = (rows, column, isNumber, sign) => {
    const keyed = rows.map((row) => {
      const text = row.cells[column].textContent;
      return [row, isNumber ? number(text) : text.toLowerCase()];
    });
    const compare = ([, a], [, b]) => {
      if (a === undefined || b === undefined) {
        return (a === undefined) - (b === undefined);
      }
      return a === b ? 0 : a > b ? sign : -sign;
    };
    return keyed.sort(compare).map(([row]) => row);
  };
  document.querySelectorAll(".finder").forEach((finder) => {
    const input = finder.querySelector("input");
    const count = finder.querySelector(".count");
    const body = finder.querySelector("tbody");
    const rows = [...body.rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      rows.forEach((row, i) => {
        row.hidden = !words.every((word) => texts[i].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = shown + " of " + rows.length + " rows";
    };
    const headings = [...finder.querySelectorAll("thead th")];
    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = heading.textContent;
      heading.replaceChildren(button);
      button.addEventListener("click", () => {
        const isNumber = heading.classList.contains("number");
        const before = heading.getAttribute("aria-sort");
        const descends = before ? before === "ascending" : isNumber;
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", descends ? "descending" : "ascending");
        body.append(...order(rows, column, isNumber, descends ? -1 : 1));
      });
    });
    input.parentElement.hidden = false;
    input.addEventListener("input", filter);
    filter();
  });

  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const now = root.style.colorScheme
      || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.style.colorScheme = now === "dark" ? "light" : "dark";
  });

  document.querySelectorAll(".copy").forEach((button) => {
    const pre = button.parentElement.querySelector("pre");
    const done = () => {
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    };
    const select = () => {
      getSelection().selectAllChildren(pre);
      if (document.execCommand("copy")) {
        done();
      }
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      if (navigator.clipboard) {
        navigator.clipboard.writeText(pre.textContent).then(done, select);
      } else {
        select();
      }
    });
  });
  root.dataset.ready = "true";
})();
