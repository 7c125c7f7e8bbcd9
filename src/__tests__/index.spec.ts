import plugins from '../index';

describe('the plugins', () => {
  const ids = plugins.map(plugin => plugin.id);

  it('carry the name of the package, which JupyterLab needs to find their settings', () => {
    expect(ids.filter(id => !id.startsWith('jupyter_codeact:'))).toEqual([]);
  });

  it('have ids of their own', () => {
    expect(ids.filter((id, position) => ids.indexOf(id) < position)).toEqual(
      []
    );
  });

  it('say in a sentence what they add', () => {
    const silent = plugins.filter(plugin => !plugin.description);
    expect(silent.map(plugin => plugin.id)).toEqual([]);
  });
});
