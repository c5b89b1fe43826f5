/** @file Names under which Nest hands out what is not a class. */

/** The TensorFlow.js backend in use, a `BackendName`. */
export const BACKEND_NAME = Symbol('backend name');
