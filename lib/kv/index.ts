/** The key-value family: python-diskcache's surface, on folders that Python shares. */
export {};
