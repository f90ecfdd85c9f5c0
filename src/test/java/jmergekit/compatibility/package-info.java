/// What `docs/reference/compatibility.md` promises to users, written down line by line and compared
/// with the program.
@org.jspecify.annotations.NullMarked
package jmergekit.compatibility;
