export { default } from '@tesserae/vitest/config';
