export * from './base/errors.js';
