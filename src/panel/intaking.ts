import type * as React from 'react';

import type { IAttached } from './attached';
import { joined } from './attached';
import type { IDropped } from './drops';
import { useDrops } from './drops';
import { cellsIn, limitsOf, ofCells, ofFile, ofLocalFile } from './intake';
import type { IServices } from './services';
import { useServices } from './services';

/** What is pasted into the text box or dropped on the panel goes with the message. */
export function useIntake(composer: React.RefObject<HTMLElement>): {
  onPaste: (event: React.ClipboardEvent) => void;
  /** Whether something is held above the panel that can be dropped. */
  over: boolean;
} {
  const services = useServices();
  const over = useDrops(composer, dropped => take(dropped, services));
  const onPaste = (event: React.ClipboardEvent) => {
    const { files, getData } = clipboardOf(event);
    const text = getData('text/plain');
    const cells = cellsIn(text);
    // A table that is copied elsewhere comes as text and, besides, as an image of it.
    if (cells || (files.length > 0 && !text)) {
      event.preventDefault();
      take({ paths: [], cells: cells ?? [], files }, services);
    }
  };
  return { onPaste, over };
}

/** `more` goes with the message that is being written; sending waits for it. */
export function addAttached(
  more: Promise<readonly IAttached[]>,
  services: IServices
): void {
  const { panel, trans } = services;
  const add = async () => {
    const items = await more;
    panel.attached = joined(panel.attached, items, limitsOf(services), trans);
  };
  panel.adding = Promise.all([panel.adding, add()]);
}

function take({ paths, cells, files }: IDropped, services: IServices): void {
  const read = Promise.all([
    ...paths.map(path => ofFile(path, services)),
    ...files.map(file => ofLocalFile(file, services)),
    ...ofCells(cells, services)
  ]);
  addAttached(read, services);
  services.panel.focusComposer();
}

function clipboardOf({ clipboardData }: React.ClipboardEvent): {
  files: File[];
  getData: (mime: string) => string;
} {
  return {
    files: [...clipboardData.files],
    getData: mime => clipboardData.getData(mime)
  };
}
