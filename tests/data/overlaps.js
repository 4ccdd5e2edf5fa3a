// Texts that are cut, or that lie over each other, as far as they can be seen; run in the page by its tests.
() => {
  const cut = (rect, by) => ({
    left: Math.max(rect.left, by.left),
    right: Math.min(rect.right, by.right),
    top: Math.max(rect.top, by.top),
    bottom: Math.min(rect.bottom, by.bottom),
  });
  const panel = document.getElementById("panel");
  const covered = !panel.hidden && getComputedStyle(panel).position === "fixed";
  const skipped = ".unseen, script, style, title, option, svg, .skip, noscript, .bar";
  const seen = (node, rect) => {
    for (let up = node.parentElement; up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") rect = cut(rect, up.getBoundingClientRect());
    }
    return rect;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode,
      parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest(skipped) || !parent.checkVisibility()) continue;
    if (covered && !panel.contains(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      const rect = seen(node, whole);
      if (rect.right - rect.left > 1 && rect.bottom - rect.top > 1) found.push([node, rect]);
    }
  }
  const words = (node) => node.textContent.trim().slice(0, 40);
  const faults = [];
  found.forEach(([node, a], n) => {
    if (a.left < -1 || a.right > innerWidth + 1) faults.push(`cut: ${words(node)}`);
    for (const [other, b] of found.slice(n + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (node !== other && wide > 2 && high > 5) faults.push(`${words(node)} over ${words(other)}`);
    }
  });
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
  return faults;
};
