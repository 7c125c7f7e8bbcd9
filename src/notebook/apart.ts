/**
 * The notebook's keys do not act on its cells while the focus is in `node`, which stands in a notebook; with `focus`, it
 * does not take the focus back to the active cell either.
 */
export function setApart(node: HTMLElement, focus = false): void {
  node.dataset.lmSuppressShortcuts = 'true';
  for (const kind of focus ? ['keydown', 'focusin'] : ['keydown']) {
    node.addEventListener(kind, event => event.stopPropagation());
  }
}
