import * as React from 'react';

import type { ISummary } from '../tokens';
import { HistoryRow } from './historyRow';
import { useCommand } from './hooks';
import { Problem } from './problem';
import { useServices } from './services';
import { UndoBar } from './undoBar';
import { problemOf, visible } from './words';

/** So long after the last key a search begins (ms). */
const PAUSE = 250;

/** The conversations of this notebook, or all: to find, open, rename, save and delete. */
export function History(): JSX.Element {
  const { codeact, panel, trans } = useServices();
  const { history } = codeact;
  const bound = codeact.binding !== null;
  const [all, setAll] = React.useState(!bound);
  const [search, setSearch] = React.useState('');
  const [deleted, setDeleted] = React.useState<ISummary | null>(null);
  const list = React.useRef<HTMLUListElement>(null);
  const { problem, run } = useCommand(problemOf);
  const { rows, problem: unread, load } = useRows(all, search);
  const wanted = React.useRef('');
  React.useEffect(() => {
    const title = titles(list.current).find(
      each => each.dataset.id === wanted.current
    );
    if (title) {
      wanted.current = '';
      title.focus();
    }
  }, [rows]);
  const open = async (row: ISummary) => {
    if (await run(() => codeact.open(row.conversation_id))) {
      panel.view = 'conversation';
    }
  };
  const remove = async (row: ISummary) => {
    if (await run(() => history.remove(row.conversation_id))) {
      setDeleted(row);
      await load();
    }
  };
  const restore = async (row: ISummary) => {
    if (await run(() => history.restore(row.conversation_id))) {
      setDeleted(null);
      wanted.current = row.conversation_id;
      await load();
    }
  };
  const rename = async (row: ISummary, title: string) => {
    await run(() => history.rename(row.conversation_id, title));
    await load();
  };
  const trouble = problem || unread;
  return (
    <section className="jp-CodeAct-page" aria-label={trans.__('History')}>
      <div className="jp-CodeAct-pageHeader">
        <h2>{trans.__('Conversations')}</h2>
        <label>
          <input
            type="checkbox"
            checked={all}
            disabled={!bound}
            onChange={event => setAll(event.target.checked)}
          />
          {trans.__('All notebooks')}
        </label>
      </div>
      <input
        type="search"
        className="jp-CodeAct-input"
        aria-label={trans.__('Search titles and messages')}
        placeholder={trans.__('Search titles and messages')}
        maxLength={200}
        value={search}
        onChange={event => setSearch(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            titles(list.current)[0]?.focus();
          }
        }}
      />
      <Problem text={trouble} />
      {deleted && (
        <UndoBar
          key={deleted.conversation_id}
          text={trans.__(
            'Deleted "%1". The notebook keeps its cells.',
            visible(deleted.title) || trans.__('Untitled')
          )}
          onUndo={() => void restore(deleted)}
          onDone={() => setDeleted(null)}
        />
      )}
      <Found rows={rows} all={all} search={search} />
      <ul
        ref={list}
        className="jp-CodeAct-rows"
        onKeyDown={event => walk(event, titles(list.current))}
      >
        {rows?.map(row => (
          <HistoryRow
            key={row.conversation_id}
            row={row}
            all={all}
            onOpen={() => void open(row)}
            onRename={title => void rename(row, title)}
            onExport={format =>
              void run(() => history.download(row.conversation_id, format))
            }
            onRemove={() => void remove(row)}
          />
        ))}
      </ul>
    </section>
  );
}

/** The rows as the server has them now; those of a question asked before the last are not waited for. */
function useRows(all: boolean, search: string) {
  const { codeact } = useServices();
  const [rows, setRows] = React.useState<ISummary[] | null>(null);
  const [problem, setProblem] = React.useState('');
  const turn = React.useRef(0);
  const load = async () => {
    const mine = ++turn.current;
    try {
      const found = await codeact.history.list(all, search.trim());
      if (mine === turn.current) {
        setRows(found);
        setProblem('');
      }
    } catch (error) {
      if (mine === turn.current) {
        setProblem(problemOf(error));
      }
    }
  };
  React.useEffect(() => {
    const timer = window.setTimeout(() => void load(), search ? PAUSE : 0);
    return () => window.clearTimeout(timer);
  }, [all, search, codeact]);
  return { rows, problem, load };
}

/** How many there are, for those who listen; where there are none, for all. */
function Found(props: {
  rows: ISummary[] | null;
  all: boolean;
  search: string;
}): JSX.Element {
  const { trans } = useServices();
  const { rows, all, search } = props;
  const some = rows !== null && rows.length > 0;
  return (
    <p
      className={some ? 'jp-CodeAct-hidden' : 'jp-CodeAct-quiet'}
      role="status"
    >
      {some
        ? trans._n('%1 conversation', '%1 conversations', rows.length)
        : rows === null
          ? ''
          : search.trim()
            ? trans.__('No conversation has all these words.')
            : all
              ? trans.__('No conversations yet.')
              : trans.__('No conversations about this notebook yet.')}
    </p>
  );
}

/** The titles in the list, in order: each opens its conversation. */
function titles(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[data-id]') ?? [])];
}

/** The arrow keys go from title to title, and Home and End to the first and the last. */
function walk(event: React.KeyboardEvent, all: HTMLElement[]): void {
  const index = all.indexOf(event.target as HTMLElement);
  const next: Partial<Record<string, HTMLElement>> = {
    ArrowDown: all[index + 1],
    ArrowUp: all[index - 1],
    Home: all[0],
    End: all[all.length - 1]
  };
  const wanted = index < 0 ? undefined : next[event.key];
  if (wanted) {
    event.preventDefault();
    wanted.focus();
  }
}
