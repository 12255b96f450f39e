/** Managed caches: named, with hooks and dependents. */
export {};
