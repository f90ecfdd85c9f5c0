/// That the documentation is true where a machine can tell: links, recipes, and the tables that
/// repeat what the code says. Whether it is good is for readers to tell.
@org.jspecify.annotations.NullMarked
package jmergekit.docs;
