import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

import { markedCell } from './provenance';

/** So far from the left edge of a prompt a click means the mark; the style sheet shows where that is. */
const MARK_PIXELS = 10;

/** A click on the mark of a cell that the agent made selects the cell and calls `show`. */
export function followMarks(tracker: INotebookTracker, show: () => void): void {
  const add = (panel: NotebookPanel) =>
    panel.content.node.addEventListener('click', event => {
      const found = markedCell(panel, event.target as Element);
      if (found && event.offsetX <= MARK_PIXELS) {
        panel.content.activeCellIndex = found.index;
        show();
      }
    });
  tracker.forEach(add);
  tracker.widgetAdded.connect((_, panel) => add(panel));
}
