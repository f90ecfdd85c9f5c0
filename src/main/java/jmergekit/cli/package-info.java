/// The commands: options, console, exit codes. The only room that prints or ends the process.
@org.jspecify.annotations.NullMarked
package jmergekit.cli;
