import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { PanelLayout, Widget } from '@lumino/widgets';

import { markOf } from './marks';
import type { IProposalBarOptions } from './proposalBar';
import { ProposalBar } from './proposalBar';
import { keepUp } from './upkeep';

/** Every cell that waits for approval has a bar for the decision below its code, and no other has one. */
export function addProposalBars(
  tracker: INotebookTracker,
  options: IProposalBarOptions
): void {
  const bars = new WeakMap<Cell, ProposalBar>();
  keepUp(tracker, panel => {
    for (const cell of panel.content.widgets) {
      const mark = markOf(cell.model);
      const bar = bars.get(cell);
      if (!mark?.proposed) {
        bar?.dispose();
        bars.delete(cell);
      } else if (!bar && !cell.isPlaceholder()) {
        const made = new ProposalBar(options, cell, mark);
        bars.set(cell, made);
        putBelowInput(cell, made);
      }
    }
  });
}

function putBelowInput(cell: Cell, bar: Widget): void {
  const layout = cell.layout as PanelLayout;
  const input = layout.widgets.findIndex(widget =>
    widget.hasClass('jp-Cell-inputWrapper')
  );
  layout.insertWidget(input + 1, bar);
}
