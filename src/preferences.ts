import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IPreferences, Preference } from './tokens';

/** The schema's defaults, for the time before the settings are loaded and for a JupyterLab without settings. */
const DEFAULTS: Readonly<Record<Preference, boolean>> = {
  followRun: true,
  showProvenance: true,
  showPromptLine: true,
  showErrorButtons: true,
  notify: false
};

/** The user's settings of this extension, as they are now. */
export class Preferences implements IPreferences {
  isOn(preference: Preference): boolean {
    const value = this._settings?.get(preference).composite;
    return typeof value === 'boolean' ? value : DEFAULTS[preference];
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What `settings` say holds from now on. */
  follow(settings: ISettingRegistry.ISettings): void {
    this._settings = settings;
    settings.changed.connect(() => this._changed.emit(), this);
    this._changed.emit();
  }

  private _settings: ISettingRegistry.ISettings | null = null;
  private readonly _changed = new Signal<this, void>(this);
}
