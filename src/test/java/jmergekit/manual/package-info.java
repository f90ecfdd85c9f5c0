/// Completion as shells do it, and pages as `man` reads them.
@org.jspecify.annotations.NullMarked
package jmergekit.manual;
