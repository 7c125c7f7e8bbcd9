import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IconButton } from './iconButton';
import { useServices } from './services';
import { slashCommands } from './slash';

/** The commands and keys of the message box, until it is closed. */
export function ComposerHelp(): JSX.Element | null {
  const { panel, trans } = useServices();
  const close = () => {
    panel.help = false;
    panel.focusComposer();
  };
  const node = React.useRef<HTMLElement>(null);
  React.useEffect(() => node.current?.focus(), []);
  const keys: [string, string][] = [
    ['@', trans.__('Name a variable, a column, a cell or a file')],
    [trans.__('Enter'), trans.__('Send')],
    [trans.__('Shift + Enter'), trans.__('New line')],
    ['\u2191 \u2193', trans.__('Earlier messages, where the box is empty')],
    [
      trans.__('Paste, drop'),
      trans.__('Images, files and cells go with the message')
    ]
  ];
  return (
    <section
      ref={node}
      className="jp-CodeAct-help"
      aria-label={trans.__('Commands and keys')}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
      }}
    >
      <IconButton icon={closeIcon} title={trans.__('Close')} onClick={close} />
      <dl>
        {slashCommands(trans).map(({ name, more, about }) => (
          <React.Fragment key={name}>
            <dt>
              <code>/{name}</code> {more}
            </dt>
            <dd>{about}</dd>
          </React.Fragment>
        ))}
        {keys.map(([key, about]) => (
          <React.Fragment key={key}>
            <dt>{key}</dt>
            <dd>{about}</dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}
