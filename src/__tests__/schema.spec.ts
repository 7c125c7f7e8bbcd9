import { readFileSync } from 'fs';
import { join } from 'path';

import { preferences } from '../plugins/preferences';
import { Preferences } from '../preferences';
import type { Preference } from '../tokens';
import { CommandIDs } from '../tokens';

interface IItem {
  command?: string;
  selector?: string;
}

const schema = JSON.parse(
  readFileSync(join(__dirname, '../../schema/plugin.json'), 'utf8')
) as {
  properties: Record<Preference, { default: boolean }>;
  'jupyter.lab.shortcuts': IItem[];
  'jupyter.lab.menus': { main: { items: IItem[] }[]; context: IItem[] };
  'jupyter.lab.toolbars': Record<string, IItem[]>;
};
const shortcuts = schema['jupyter.lab.shortcuts'];
const menus = schema['jupyter.lab.menus'];

describe('the settings schema', () => {
  it('has the name of the plugin that it belongs to', () => {
    expect(preferences.id).toBe('jupyter_codeact:plugin');
  });

  it('has the defaults that hold without it', () => {
    const preferences = new Preferences();
    const names = Object.keys(schema.properties) as Preference[];
    expect(
      names.filter(
        name => preferences.isOn(name) !== schema.properties[name].default
      )
    ).toEqual([]);
  });

  it('names commands that there are', () => {
    const known = Object.values<string>(CommandIDs);
    const named = [
      ...shortcuts,
      ...menus.context,
      ...menus.main.flatMap(menu => menu.items),
      ...Object.values(schema['jupyter.lab.toolbars']).flat()
    ].flatMap(({ command }) => command ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(command => !known.includes(command))).toEqual([]);
  });

  it('has no selector with a comma, which would stop all shortcuts of JupyterLab', () => {
    const selectors = shortcuts.map(({ selector }) => selector);
    expect(selectors.filter(selector => selector?.includes(','))).toEqual([]);
  });
});
