/** Address of the checking worker, relative to the page's script; set by the build. */
declare const CHECK_WORKER: string;

declare module '*.css';
