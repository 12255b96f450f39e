/** Recipes over the key-value family: locks, semaphores, throttles and barriers between processes. */
export {};
