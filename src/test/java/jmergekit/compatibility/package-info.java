/// The stable interfaces that `docs/reference/compatibility.md` names, as lists that are compared with
/// the program.
@org.jspecify.annotations.NullMarked
package jmergekit.compatibility;
