/** Vite turns an imported stylesheet into a file that is loaded with its module. */
declare module '*.css';
