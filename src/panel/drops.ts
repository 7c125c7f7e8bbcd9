import type { ICell } from '@jupyterlab/nbformat';
import type { MimeData } from '@lumino/coreutils';
import * as React from 'react';

/** What JupyterLab's file browser and its notebooks drag. */
const PATHS = 'application/x-jupyter-icontents';
const CELLS = 'application/vnd.jupyter.cells';

/** What was dropped: files of the server by path, cells, or files of the user's own machine. */
export interface IDropped {
  paths: string[];
  cells: ICell[];
  files: File[];
}

/** A drag inside JupyterLab, which is no drag of the browser's. */
interface ILabDrag extends Event {
  mimeData: MimeData;
  dropAction: string;
  proposedAction: string;
}

/** What can be attached may be dropped anywhere on the panel around `inner`; true while it is held above it. */
export function useDrops(
  inner: React.RefObject<HTMLElement>,
  onDrop: (dropped: IDropped) => void
): boolean {
  const [over, setOver] = React.useState(false);
  const latest = React.useRef(onDrop);
  latest.current = onDrop;
  React.useEffect(() => {
    const node = inner.current?.closest<HTMLElement>('.jp-CodeAct');
    const target = node ?? inner.current;
    if (!target) {
      return;
    }
    const hold = (event: Event) => {
      if (!carries(event)) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (isLabDrag(event)) {
        event.dropAction = event.proposedAction;
      }
      setOver(true);
    };
    const leave = (event: Event) => {
      const to = (event as DragEvent).relatedTarget;
      if (!(to instanceof Node && target.contains(to))) {
        setOver(false);
      }
    };
    const drop = (event: Event) => {
      setOver(false);
      if (carries(event)) {
        hold(event);
        setOver(false);
        latest.current(droppedOf(event));
      }
    };
    const listeners: [string, (event: Event) => void][] = [
      ['lm-dragenter', hold],
      ['lm-dragover', hold],
      ['lm-dragleave', leave],
      ['lm-drop', drop],
      ['dragenter', hold],
      ['dragover', hold],
      ['dragleave', leave],
      ['drop', drop]
    ];
    listeners.forEach(([name, act]) => target.addEventListener(name, act));
    return () =>
      listeners.forEach(([name, act]) => target.removeEventListener(name, act));
  }, [inner]);
  return over;
}

function isLabDrag(event: Event): event is ILabDrag {
  return 'mimeData' in event;
}

/** Whether it drags something that can be attached. */
function carries(event: Event): boolean {
  return isLabDrag(event)
    ? event.mimeData.hasData(PATHS) || event.mimeData.hasData(CELLS)
    : ((event as DragEvent).dataTransfer?.types.includes('Files') ?? false);
}

function droppedOf(event: Event): IDropped {
  if (!isLabDrag(event)) {
    const { dataTransfer } = event as DragEvent;
    return { paths: [], cells: [], files: [...(dataTransfer?.files ?? [])] };
  }
  const { mimeData } = event;
  return {
    paths: (mimeData.getData(PATHS) as string[] | undefined) ?? [],
    cells: (mimeData.getData(CELLS) as ICell[] | undefined) ?? [],
    files: []
  };
}
