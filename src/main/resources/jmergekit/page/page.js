"use strict";
(() => {
  const root = document.documentElement;
  const fail = (what) => { root.dataset.error = what; };
  window.addEventListener("error", (event) => fail(event.message));
  document.addEventListener("securitypolicyviolation", (event) => fail(event.violatedDirective));

  const svgName = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);

  // Pointers and keys both choose a point; the chosen one is ringed, and its text shown and said.
  const listen = (box, points) => {
    const svg = box.querySelector("svg");
    const figure = box.parentElement;
    const said = document.getElementById(box.id + "-said");
    const tip = document.createElement("div");
    tip.className = "tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true");
    figure.append(tip);
    const ring = document.createElementNS(svgName, "circle");
    ring.setAttribute("class", "ring");
    ring.setAttribute("r", "6");
    let chosen = -1;

    const hide = () => {
      tip.hidden = true;
      ring.remove();
    };
    const show = (index, aloud) => {
      chosen = index;
      const [x, y, text] = points[index];
      ring.setAttribute("cx", x);
      ring.setAttribute("cy", y);
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
    box.addEventListener("pointermove", follow);
    box.addEventListener("pointerdown", follow);
    box.addEventListener("pointerleave", hide);
    box.addEventListener("blur", hide);
    box.addEventListener("keydown", (event) => {
      const last = points.length - 1;
      const next = {
        ArrowRight: Math.min(chosen + 1, last),
        ArrowLeft: Math.max(chosen - 1, 0),
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === "Escape") {
        hide();
      } else if (next !== undefined) {
        event.preventDefault();
        show(next, true);
      }
    });
  };
  Object.entries(data.charts).forEach(([id, chart]) => {
    if (chart.points.length > 0) {
      listen(document.getElementById(id), chart.points);
    }
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
