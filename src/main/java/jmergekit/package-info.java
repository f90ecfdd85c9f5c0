/// The library: open models, plan a recipe, run the plan.
///
/// [Models] opens models, a [Recipe] describes what to make from them, and a [MergePlan] is the
/// resulting plan, which can be run. Only this package is meant for programs that use jmergekit;
/// every package below it may change in any version.
@org.jspecify.annotations.NullMarked
package jmergekit;
