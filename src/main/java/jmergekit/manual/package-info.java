/// Completion scripts and man pages of the commands.
@org.jspecify.annotations.NullMarked
package jmergekit.manual;
