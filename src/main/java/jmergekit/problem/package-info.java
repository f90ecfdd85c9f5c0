/// How the program reports problems: one report format, a collector, and the only exception that
/// users see. Other rooms decide what is wrong with a particular recipe or file.
@org.jspecify.annotations.NullMarked
package jmergekit.problem;
