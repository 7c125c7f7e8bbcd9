import { readFileSync } from 'fs';
import { join } from 'path';

const { dependencies, jupyterlab } = JSON.parse(
  readFileSync(join(__dirname, '../../package.json'), 'utf8')
) as {
  dependencies: Record<string, string>;
  jupyterlab: { sharedPackages: Record<string, { requiredVersion: string }> };
};

it('asks JupyterLab for no newer packages than the oldest supported release has', () => {
  // Without an entry the build asks for the versions of the JupyterLab that it was made with.
  const ranges = Object.entries(dependencies).filter(([name]) =>
    name.startsWith('@jupyterlab/')
  );

  expect(jupyterlab.sharedPackages).toEqual(
    Object.fromEntries(
      ranges.map(([name, range]) => [name, { requiredVersion: range }])
    )
  );
});
