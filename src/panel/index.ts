export { codeactIcon } from './icons';
export { CodeActPanel } from './panel';
