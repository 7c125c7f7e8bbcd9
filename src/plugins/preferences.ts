import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { Preferences } from '../preferences';
import { IPreferences } from '../tokens';

/** The settings, the menus and the shortcuts of the whole extension: its schema has the name of this plugin. */
export const preferences: JupyterFrontEndPlugin<IPreferences> = {
  id: 'jupyter_codeact:plugin',
  description: 'Provides what the user switched on and off in the settings.',
  autoStart: true,
  provides: IPreferences,
  optional: [ISettingRegistry],
  activate: (app, registry: ISettingRegistry | null) => {
    const preferences = new Preferences();
    registry?.load(preferencesId).then(
      settings => preferences.follow(settings),
      () => undefined // without its schema the defaults hold
    );
    return preferences;
  }
};

const preferencesId = preferences.id;
