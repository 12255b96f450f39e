/** Function caches: persist, Bucket, DeferredWriteBucket. */
export {};
