import { deleteIcon, downloadIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { ExportFormat, ISummary } from '../tokens';
import { openExportMenu } from './exportMenu';
import { IconButton } from './iconButton';
import { useServices } from './services';
import { fileName, visible } from './words';

/** One conversation in the history; F2 on its title renames it, and Delete deletes it. */
export function HistoryRow(props: {
  row: ISummary;
  all: boolean;
  onOpen: () => void;
  onRename: (title: string) => void;
  onExport: (format: ExportFormat) => void;
  onRemove: () => void;
}): JSX.Element {
  const { row, all } = props;
  const { codeact, trans } = useServices();
  const [renaming, setRenaming] = React.useState(false);
  const opener = React.useRef<HTMLButtonElement>(null);
  const wasRenaming = React.useRef(false);
  React.useEffect(() => {
    if (wasRenaming.current && !renaming) {
      opener.current?.focus();
    }
    wasRenaming.current = renaming;
  }, [renaming]);
  const title = visible(row.title) || trans.__('Untitled');
  const facts = [
    ...(row.live ? [trans.__('running')] : []),
    ...(row.branched_from ? [trans.__('branch')] : []),
    ...(all ? [fileName(row.notebook_path)] : []),
    new Date(row.updated_at).toLocaleString(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short'
    })
  ];
  if (renaming) {
    return (
      <li className="jp-CodeAct-row">
        <TitleField
          title={row.title}
          onDone={wanted => {
            setRenaming(false);
            if (wanted && wanted !== row.title) {
              props.onRename(wanted);
            }
          }}
        />
      </li>
    );
  }
  return (
    <li className="jp-CodeAct-row">
      <button
        ref={opener}
        type="button"
        className="jp-CodeAct-rowOpen"
        data-id={row.conversation_id}
        aria-current={codeact.current?.id === row.conversation_id}
        aria-keyshortcuts="F2 Delete"
        onClick={props.onOpen}
        onKeyDown={event => {
          if (event.key === 'F2') {
            setRenaming(true);
          } else if (event.key === 'Delete') {
            props.onRemove();
          }
        }}
      >
        <span className="jp-CodeAct-rowTitle">{title}</span>
        {row.found && (
          <span className="jp-CodeAct-rowFound">{visible(row.found)}</span>
        )}
        <span className="jp-CodeAct-rowFacts">{facts.join(' \u00b7 ')}</span>
      </button>
      <IconButton
        icon={editIcon}
        label={trans.__('Rename "%1"', title)}
        title={trans.__('Rename (F2)')}
        onClick={() => setRenaming(true)}
      />
      <IconButton
        icon={downloadIcon}
        label={trans.__('Export "%1"', title)}
        title={trans.__('Export')}
        hasMenu
        onClick={event =>
          openExportMenu(event.currentTarget, trans, props.onExport)
        }
      />
      <IconButton
        icon={deleteIcon}
        label={trans.__('Delete "%1"', title)}
        title={trans.__('Delete')}
        onClick={props.onRemove}
      />
    </li>
  );
}

/** Where a title is changed in place: Enter, or leaving it, takes what stands there; Escape leaves all as it was. */
function TitleField(props: {
  title: string;
  onDone: (title: string) => void;
}): JSX.Element {
  const { trans } = useServices();
  const [title, setTitle] = React.useState(props.title);
  const input = React.useRef<HTMLInputElement>(null);
  const done = React.useRef(false);
  React.useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const finish = (wanted: string) => {
    if (!done.current) {
      done.current = true;
      props.onDone(wanted.trim());
    }
  };
  return (
    <input
      ref={input}
      type="text"
      className="jp-CodeAct-input"
      aria-label={trans.__('Title')}
      maxLength={200}
      value={title}
      onChange={event => setTitle(event.target.value)}
      onBlur={() => finish(title)}
      onKeyDown={event => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
          event.preventDefault(); // else it presses the button that has the focus next
          finish(title);
        } else if (event.key === 'Escape') {
          event.stopPropagation();
          finish('');
        }
      }}
    />
  );
}
