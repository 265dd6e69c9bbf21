// Imported for what it does; the package declares no types for it.
declare module 'tsx'
