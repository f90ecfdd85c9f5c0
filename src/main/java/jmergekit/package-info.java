/// The library: open models, plan a recipe, run the plan.
///
/// [Models] opens models, [Recipe] is what to do with them, [MergePlan] is what that comes to and
/// runs it. Only this package is for programs that use jmergekit; every package below it may change
/// in any version.
@org.jspecify.annotations.NullMarked
package jmergekit;
