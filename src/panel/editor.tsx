import { CodeEditor } from '@jupyterlab/codeeditor';
import * as React from 'react';

import { useServices } from './services';

interface IEditorProps {
  source: string;
  language: string;
  label: string;
  onChange: (source: string) => void;
  onRun: () => void;
  /** Escape leaves the editor at once; Tab moves on from it, as from every other control. */
  onLeave: () => void;
}

/** An editor for code that waits for approval: JupyterLab's own, or a plain one where there is none. */
export function Editor(props: IEditorProps): JSX.Element {
  const { editorServices } = useServices();
  return editorServices ? <CodeMirror {...props} /> : <Plain {...props} />;
}

function CodeMirror(props: IEditorProps): JSX.Element {
  const { editorServices } = useServices();
  const host = React.useRef<HTMLDivElement>(null);
  const latest = React.useRef(props);
  latest.current = props;
  React.useLayoutEffect(() => {
    if (!host.current || !editorServices) {
      return;
    }
    const { factoryService, mimeTypeService } = editorServices;
    const model = new CodeEditor.Model({
      mimeType: String(
        mimeTypeService.getMimeTypeByLanguage({ name: props.language })
      )
    });
    model.sharedModel.setSource(props.source);
    const editor = factoryService.newInlineEditor({
      host: host.current,
      model,
      config: { lineNumbers: false, lineWrap: true }
    });
    host.current
      .querySelector('[contenteditable]')
      ?.setAttribute('aria-label', props.label);
    const changed = () =>
      latest.current.onChange(model.sharedModel.getSource());
    model.sharedModel.changed.connect(changed);
    return () => {
      model.sharedModel.changed.disconnect(changed);
      editor.dispose();
      model.dispose();
    };
  }, [props.source, props.language, editorServices]);
  return (
    <div
      ref={host}
      className="jp-CodeAct-editor"
      onKeyDownCapture={event => onKey(event, props)}
    />
  );
}

function Plain(props: IEditorProps): JSX.Element {
  const [source, setSource] = React.useState(props.source);
  return (
    <textarea
      className="jp-CodeAct-editor"
      aria-label={props.label}
      rows={Math.min(16, source.split('\n').length + 1)}
      spellCheck={false}
      value={source}
      onChange={event => {
        setSource(event.target.value);
        props.onChange(event.target.value);
      }}
      onKeyDown={event => onKey(event, props)}
    />
  );
}

function onKey(event: React.KeyboardEvent, props: IEditorProps): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.stopPropagation();
    props.onRun();
  } else if (event.key === 'Escape') {
    props.onLeave();
  } else if (event.key === 'Tab') {
    event.stopPropagation(); // the editor's own would indent, and catch the keyboard between the controls
  }
}
