/** Where a worker process begins: its one argument is the address of the module that serves the calls. */

// The program decides what a signal means. One from the terminal reaches every process of the program.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
// The program has ended, by whatever: nobody is left to work for. Nothing is lost that a kill could not take.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

await import(process.argv[2]!);
