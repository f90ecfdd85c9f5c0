/// The commands described to shells, which complete them, and to `man`.
@org.jspecify.annotations.NullMarked
package jmergekit.manual;
