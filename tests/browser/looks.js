// Measures the open page; `limits` are the smallest text and target in CSS pixels. Gives what is wrong.
((limits) => {
  const found = [];

  const parse = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };
  const contrast = (one, look) => {
    const [a, b] = [luminance(parse(look.color)), luminance(behind(one))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const isShown = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !one.closest(".sr, .skip")
      && one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  };
  const name = (one) => {
    const words = one.innerText || one.value || one.name || "";
    return `${one.tagName.toLowerCase()}.${one.getAttribute("class") ?? ""} "${words.trim().slice(0, 24)}"`;
  };

  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`scrolls sideways by ${over}px`);

  for (const one of document.querySelectorAll("body *")) {
    if (one.closest("svg, noscript, canvas") || !isShown(one)) continue;
    const look = getComputedStyle(one);
    const size = parseFloat(look.fontSize);
    if ([...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) {
      if (size < limits.text) found.push(`text of ${size}px: ${name(one)}`);
      const isLarge = size >= 24 || (size >= 18.66 && Number(look.fontWeight) >= 700);
      const ratio = contrast(one, look);
      if (ratio < (isLarge ? 3 : 4.5)) found.push(`contrast ${ratio.toFixed(2)}: ${name(one)}`);
    }
    if (one.matches("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (look.display === "inline" && one.closest("p, td, li, dd, figcaption")) continue;
      const label = one.matches("[type=checkbox], [type=radio]") ? one.closest("label") : null;
      const { width, height } = (label ?? one).getBoundingClientRect();
      if (Math.min(width, height) < limits.target - 0.6) {
        found.push(`target ${width.toFixed(0)}x${height.toFixed(0)}: ${name(one)}`);
      }
    }
  }
  return found.slice(0, 12);
})
