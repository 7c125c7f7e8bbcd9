import * as React from 'react';

import type { ICompletion, Row } from './completion';
import type { MentionKind } from './mentions';
import { useServices } from './services';
import { visible } from './words';

/** The ids that the text box names for those who listen. */
export const MENU_ID = 'jp-CodeAct-menu';
export const rowId = (index: number) => `${MENU_ID}-${index}`;

/** What can be chosen for what is being typed, above the text box, which keeps the focus. */
export function CompletionMenu(props: {
  completion: ICompletion;
  onChoose: (row: Row) => void;
}): JSX.Element {
  const { completion, onChoose } = props;
  const { rows, active, note, open } = completion;
  const { trans } = useServices();
  const titles = useTitles();
  const list = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const row = list.current?.querySelector('[aria-selected="true"]');
    row?.scrollIntoView?.({ block: 'nearest' });
  }, [active, rows.length]);
  const groups = grouped(rows);
  return (
    <>
      <span role="status" className="jp-CodeAct-hidden">
        {open &&
          `${trans._n('%1 suggestion', '%1 suggestions', rows.length)} ${note}`}
      </span>
      {open && (
        <div
          ref={list}
          className="jp-CodeAct-menu"
          // The text box keeps the focus, and its caret.
          onMouseDown={event => event.preventDefault()}
        >
          {rows.length > 0 && (
            <div
              id={MENU_ID}
              role="listbox"
              aria-label={trans.__('Suggestions')}
            >
              {groups.map(({ kind, from, members }) => (
                <div key={kind} role="group" aria-label={titles[kind]}>
                  <div className="jp-CodeAct-menuTitle" aria-hidden="true">
                    {titles[kind]}
                  </div>
                  {members.map((row, offset) => (
                    <div
                      key={row.key}
                      id={rowId(from + offset)}
                      role="option"
                      className="jp-CodeAct-menuRow"
                      aria-selected={from + offset === active}
                      onMouseMove={() =>
                        from + offset !== active &&
                        completion.point(from + offset)
                      }
                      onClick={() => onChoose(row)}
                    >
                      <Words row={row} />
                    </div>
                  ))}
                </div>
              ))}
            </div>
          )}
          {note && <p className="jp-CodeAct-menuNote">{note}</p>}
        </div>
      )}
    </>
  );
}

function Words({ row }: { row: Row }): JSX.Element {
  const [name, more, about] =
    row.kind === 'mention'
      ? [visible(row.mention.name), '', row.mention.detail]
      : [`/${row.slash.name}`, row.slash.more, row.slash.about];
  return (
    <>
      <span className="jp-CodeAct-menuName">
        {name} {more && <span className="jp-CodeAct-menuMore">{more}</span>}
      </span>
      <span className="jp-CodeAct-menuAbout">{about}</span>
    </>
  );
}

type Kind = MentionKind | 'slash';

function useTitles(): Record<Kind, string> {
  const { trans } = useServices();
  return {
    variable: trans.__('Variables'),
    column: trans.__('Columns'),
    cell: trans.__('Cells'),
    file: trans.__('Files'),
    slash: trans.__('Commands')
  };
}

interface IGroup {
  kind: Kind;
  /** The place of its first row among all. */
  from: number;
  members: Row[];
}

function grouped(rows: readonly Row[]): IGroup[] {
  const groups: IGroup[] = [];
  rows.forEach((row, index) => {
    const kind = row.kind === 'mention' ? row.mention.kind : 'slash';
    const last = groups[groups.length - 1];
    if (last?.kind === kind) {
      last.members.push(row);
    } else {
      groups.push({ kind, from: index, members: [row] });
    }
  });
  return groups;
}
