import { SimplifiedOutputArea } from '@jupyterlab/outputarea';
import type { PartialJSONObject } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { Cell } from '../events';
import { CellOutputs } from './outputModel';
import { useKept } from './reading';
import { needsTrust } from './rendering';
import { useServices } from './services';

/** The cell's outputs by JupyterLab's own renderers, no higher than a page until the user asks for all. */
export function Outputs(props: {
  cell: Cell;
  trusted: boolean;
  onTrust: () => void;
}): JSX.Element | null {
  const { cell, trusted, onTrust } = props;
  const { rendermime, trans } = useServices();
  const host = React.useRef<HTMLDivElement>(null);
  useOutputArea(host, cell.outputs, trusted);
  const [all, setAll] = useKept(`all ${cell.cell_id}`, false);
  const cut = useOverflow(host, all);
  const asks =
    !trusted &&
    cell.outputs.some(output =>
      needsTrust((output.data ?? {}) as PartialJSONObject, rendermime)
    );
  return (
    <>
      <div
        ref={host}
        className={`jp-CodeAct-output${all ? ' jp-mod-all' : ''}`}
        data-trusted={trusted ? '' : undefined}
        hidden={cell.outputs.length === 0}
      />
      {(asks || cut || all) && (
        <div className="jp-CodeAct-outputActions">
          {asks && (
            <button
              type="button"
              className="jp-CodeAct-textButton"
              title={trans.__(
                'This output holds HTML or data that may run scripts or load things from elsewhere.'
              )}
              onClick={onTrust}
            >
              {trans.__('Trust outputs')}
            </button>
          )}
          {(cut || all) && (
            <button
              type="button"
              className="jp-CodeAct-textButton"
              aria-expanded={all}
              onClick={() => setAll(!all)}
            >
              {all ? trans.__('Show less') : trans.__('Show all')}
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** A JupyterLab output area inside `host`, following `outputs` and `trusted`. */
function useOutputArea(
  host: React.RefObject<HTMLElement>,
  outputs: Cell['outputs'],
  trusted: boolean
): void {
  const { rendermime } = useServices();
  const [shown, setShown] = React.useState<CellOutputs | null>(null);
  React.useLayoutEffect(() => {
    const shown = new CellOutputs();
    const area = new SimplifiedOutputArea({ model: shown.model, rendermime });
    if (host.current) {
      Widget.attach(area, host.current);
    }
    setShown(shown);
    return () => {
      area.dispose();
      shown.dispose();
    };
  }, [rendermime]);
  React.useLayoutEffect(() => {
    if (shown) {
      shown.model.trusted = trusted;
      shown.update(outputs);
    }
  });
}

/** Whether the content of `host` is higher than it is allowed to be. */
function useOverflow(
  host: React.RefObject<HTMLElement>,
  all: boolean
): boolean {
  const [cut, setCut] = React.useState(false);
  React.useEffect(() => {
    const node = host.current;
    if (!node || all) {
      return;
    }
    const measure = () => setCut(node.scrollHeight > node.clientHeight + 4);
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    if (node.firstElementChild) {
      observer.observe(node.firstElementChild);
    }
    return () => observer.disconnect();
  }, [all]);
  return cut;
}
