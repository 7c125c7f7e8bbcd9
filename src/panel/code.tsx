import { Clipboard } from '@jupyterlab/apputils';
import { checkIcon, copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { useServices } from './services';
import { visible } from './words';

/** Code to read, in JupyterLab's colours where the language is known. */
export const Code = React.memo(function Code(props: {
  source: string;
  language: string;
}): JSX.Element {
  const { languages, trans } = useServices();
  const host = React.useRef<HTMLElement>(null);
  const source = visible(props.source);
  React.useEffect(() => {
    const node = host.current;
    const language = languages?.findBest(props.language) ?? null;
    let current = true;
    if (languages && language && node) {
      const coloured = document.createElement('code');
      void languages.highlight(source, language, coloured).then(() => {
        if (current) {
          node.replaceChildren(...Array.from(coloured.childNodes));
        }
      });
    } else if (node) {
      node.textContent = source;
    }
    return () => {
      current = false;
    };
  }, [source, props.language, languages]);
  return (
    <div className="jp-CodeAct-codeBox">
      <pre
        className="jp-CodeAct-code"
        tabIndex={0}
        role="region"
        aria-label={trans.__('Code of this step')}
      >
        <code ref={host} />
      </pre>
      <Copy text={props.source} />
    </div>
  );
});

/** Copies `text` as it is, hidden characters and all, and says so. */
function Copy(props: { text: string }): JSX.Element {
  const { trans } = useServices();
  const [copied, setCopied] = React.useState('');
  const label =
    copied === props.text ? trans.__('Copied') : trans.__('Copy the code');
  const Icon = copied === props.text ? checkIcon : copyIcon;
  return (
    <button
      type="button"
      className="jp-CodeAct-iconButton jp-CodeAct-copy"
      aria-label={label}
      title={label}
      onClick={() => {
        Clipboard.copyToSystem(props.text);
        setCopied(props.text);
      }}
      onBlur={() => setCopied('')}
    >
      <Icon.react tag="span" />
    </button>
  );
}
