import type { IEditorServices } from '@jupyterlab/codeeditor';
import type { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import type { IMaterial } from '../material';
import type { ICodeAct } from '../tokens';
import type { PanelState } from './panelState';

/** What the parts of the panel are given. */
export interface IServices {
  codeact: ICodeAct;
  panel: PanelState;
  /** What a message can name and take along; null where nothing can. */
  material: IMaterial | null;
  /** The application's commands. */
  commands: CommandRegistry | null;
  /** Renders untrusted content without running or fetching anything. */
  rendermime: IRenderMimeRegistry;
  editorServices: IEditorServices | null;
  languages: IEditorLanguageRegistry | null;
  trans: TranslationBundle;
}

const Services = React.createContext<IServices | null>(null);

export const ServicesProvider = Services.Provider;

export function useServices(): IServices {
  const services = React.useContext(Services);
  if (!services) {
    throw new Error('The parts of the panel live inside a ServicesProvider');
  }
  return services;
}
