/** Name of the database within a cache's folder; SQLite's files beside it begin with it. */
export const DATABASE_NAME = 'cache.db';
