/// The commands: options, console, exit codes. The only room that prints and ends the process.
@org.jspecify.annotations.NullMarked
package jmergekit.cli;
