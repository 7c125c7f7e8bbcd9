import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

const DELAY = 30; // ms: typing does not look through all cells for every key

/**
 * `visit` has seen every open notebook, and sees it again soon after its content changed or a cell was first drawn.
 * The answer has all of them visited again.
 */
export function keepUp(
  tracker: INotebookTracker,
  visit: (panel: NotebookPanel) => void
): () => void {
  const schedulers = new Map<NotebookPanel, () => void>();
  const start = (panel: NotebookPanel) =>
    void panel.context.ready.then(() => {
      if (!panel.isDisposed) {
        schedulers.set(panel, keepOne(panel, visit));
        panel.disposed.connect(() => schedulers.delete(panel));
      }
    });
  tracker.forEach(start);
  tracker.widgetAdded.connect((_, panel) => start(panel));
  return () => schedulers.forEach(schedule => schedule());
}

function keepOne(
  panel: NotebookPanel,
  visit: (panel: NotebookPanel) => void
): () => void {
  const waitsFor = new WeakSet<Cell>();
  let timer = 0;
  const schedule = () => {
    if (!panel.isDisposed) {
      timer ||= window.setTimeout(look, DELAY);
    }
  };
  const look = () => {
    timer = 0;
    for (const cell of panel.content.widgets) {
      if (cell.isPlaceholder() && !waitsFor.has(cell)) {
        waitsFor.add(cell);
        void cell.ready.then(schedule);
      }
    }
    visit(panel);
  };
  panel.context.model.contentChanged.connect(schedule, panel);
  panel.disposed.connect(() => window.clearTimeout(timer), panel);
  look();
  return schedule;
}
