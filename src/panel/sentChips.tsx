import * as React from 'react';

import type { Enclosed, Message } from '../events';
import { labelOf } from './attached';
import { pixelsOf } from './pixels';
import { useServices } from './services';
import { fileName, visible } from './words';

/** What went to the model with a message, to be read: images small, all else by the name it had in the message box. */
export function SentChips(props: { message: Message }): JSX.Element | null {
  const { attachments, notebook, variables } = props.message;
  const { trans } = useServices();
  if (!notebook && !variables && attachments.length === 0) {
    return null;
  }
  return (
    <ul
      className="jp-CodeAct-sent"
      aria-label={trans.__('What went with the message')}
    >
      {notebook && (
        <Chip
          label={fileName(notebook)}
          about={trans.__('The cells of the notebook and their last outputs')}
        />
      )}
      {variables > 0 && (
        <Chip
          label={trans.__('Variables')}
          about={trans.__(
            'The names, types and first rows of what is in memory'
          )}
        />
      )}
      {attachments.map((attachment, index) => (
        <Attached key={index} attachment={attachment} />
      ))}
    </ul>
  );
}

function Attached(props: { attachment: Enclosed }): JSX.Element {
  const { attachment } = props;
  const label = labelOf(attachment);
  const pixels = pixelsOf(attachment.mime, attachment.data);
  return pixels ? (
    <li>
      <img
        className="jp-CodeAct-thumbnail"
        src={pixels}
        alt={label}
        title={label}
      />
    </li>
  ) : (
    <Chip label={label} about={visible(attachment.name)} />
  );
}

function Chip(props: { label: string; about: string }): JSX.Element {
  return (
    <li className="jp-CodeAct-sentChip" title={props.about}>
      {props.label}
    </li>
  );
}
