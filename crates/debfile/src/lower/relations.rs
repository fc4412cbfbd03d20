//! Dependencies of all kinds as relation fields: `Depends` and its kin.
//!
//! Source: Debian Policy, chapter 7.

use package::{
    Comparison, Dependency, Evr, Package, Phase, Phases, Relation, RelationKind, Requirement, Slot,
};
use source::{Diagnostic, Origin, Sink};

use super::fields::{Field, Relations};
use super::made_accounts::Account;
use super::names::{deb_name, is_legal, package_name, plain_name};
use super::resolve::{Resolved, is_of_spec, is_soname, own_bound, resolve, sign, without_isa};
use super::rich::express;
use super::version::deb_version;
use crate::codes;
use crate::context::Context;
use crate::relation::{Atom, Clause, Sign};

/// Lowers every dependency of a package.
pub(crate) fn lower_relations(
    package: &Package,
    context: &Context<'_>,
    sink: &mut Sink,
) -> Relations {
    let mut lowering = Lowering {
        package,
        context,
        sink,
        relations: Relations::default(),
        lost_provides: Vec::new(),
    };
    for (kind, dependencies) in &package.relations {
        for dependency in dependencies {
            lowering.dependency(*kind, dependency);
        }
    }
    for text in context.libraries.get(&package.name).into_iter().flatten() {
        lowering.relations.add_text(Field::Depends, text);
    }
    lowering.provide_spec_name();
    lowering.check_lost_provides();
    lowering.relations
}

/// A capability that is left out, and its place.
type Lost = (String, Option<Origin>);

struct Lowering<'a, 'c> {
    package: &'a Package,
    context: &'a Context<'c>,
    sink: &'a mut Sink,
    relations: Relations,
    /// Provided by the spec's own lines.
    lost_provides: Vec<Lost>,
}

impl Lowering<'_, '_> {
    fn dependency(&mut self, kind: RelationKind, dependency: &Dependency) {
        match kind {
            RelationKind::Requires => self.requires(dependency),
            RelationKind::Recommends => self.wanted(Field::Recommends, dependency),
            RelationKind::Suggests => self.wanted(Field::Suggests, dependency),
            RelationKind::Supplements => self.supplements(dependency),
            RelationKind::Enhances => self.enhances(dependency),
            RelationKind::Provides => self.provides(dependency),
            RelationKind::Conflicts => self.conflicts(dependency),
            RelationKind::Obsoletes => self.obsoletes(dependency),
            RelationKind::Breaks => self.as_written(Field::Breaks, dependency),
            RelationKind::Replaces => self.as_written(Field::Replaces, dependency),
            RelationKind::PreDepends => self.wanted(Field::PreDepends, dependency),
            RelationKind::OrderWithRequires => {
                let reason = "dpkg has no order without a dependency";
                self.warn_of_lost_kind("OrderWithRequires", reason, dependency);
            }
        }
    }

    fn requires(&mut self, dependency: &Dependency) {
        if let Some(field) = requires_field(dependency.when, self.package) {
            self.wanted(field, dependency);
        } else if is_written(dependency) && !dependency.when.has(Phase::Rpmlib) {
            let reason = "dpkg verifies packages without scriptlets";
            self.warn_of_lost_kind("Requires(verify)", reason, dependency);
        }
    }

    fn wanted(&mut self, field: Field, dependency: &Dependency) {
        let expressed = express(&dependency.what);
        if expressed.lossy {
            self.warn_of_loss(dependency, "only what must hold in every case is asked for");
        }
        for clause in &expressed.needed {
            self.alternatives(field, clause, dependency);
        }
        for clause in &expressed.wished {
            self.alternatives(field.max(Field::Recommends), clause, dependency);
        }
    }

    /// Adds alternatives. One that needs nothing makes the whole clause true.
    fn alternatives(&mut self, field: Field, wanted: &[&Relation], dependency: &Dependency) {
        let resolved: Vec<_> = wanted
            .iter()
            .map(|it| (*it, resolve(it, self.package, self.context)))
            .collect();
        let needs_nothing =
            |it: &Resolved| matches!(it, Resolved::Nothing | Resolved::Essential(_));
        if resolved.iter().any(|(_, it)| needs_nothing(it)) {
            return;
        }
        let mut product: Option<Vec<Clause>> = None;
        for (relation, resolved) in resolved {
            if let Some(side) = self.known(resolved, relation, dependency) {
                product = Some(either(product, side));
            }
        }
        for clause in product.unwrap_or_default() {
            self.relations.add(field, clause);
        }
    }

    /// The clauses of a resolved name; reports one that nobody knows.
    fn known(
        &mut self,
        resolved: Resolved,
        relation: &Relation,
        dependency: &Dependency,
    ) -> Option<Vec<Clause>> {
        match resolved {
            Resolved::Clauses(clauses) => {
                if is_extra(relation) && !is_of_spec(relation, self.context) {
                    self.warn_of_loss(dependency, "what the extra needs is not asked for");
                }
                Some(clauses)
            }
            Resolved::Nothing | Resolved::Essential(_) => None,
            Resolved::Unknown(plain) => {
                let is_owner = dependency.origin.is_none() && is_account(relation);
                let is_own_word = self.context.debbuild_aware && plain.is_some();
                if !(is_owner || is_own_word) {
                    self.warn_of_unknown(relation, plain.as_deref(), dependency);
                }
                plain
            }
        }
    }

    /// A package that is installed along with another one, as if that recommended it. `Enhances` is the
    /// nearest a `.deb` has, and only names the other one.
    fn supplements(&mut self, dependency: &Dependency) {
        let reason = "`Enhances` names it, but does not install this package with it";
        self.warn_of_lost_kind("Supplements", reason, dependency);
        self.each_enhanced(dependency);
    }

    fn enhances(&mut self, dependency: &Dependency) {
        if matches!(dependency.what, Requirement::Rich(_)) {
            self.warn_of_loss(dependency, "each of its names is enhanced on its own");
        }
        self.each_enhanced(dependency);
    }

    /// `Enhances` takes no alternatives; each name is enhanced on its own.
    fn each_enhanced(&mut self, dependency: &Dependency) {
        for relation in dependency.what.relations().into_iter().flat_map(members) {
            let resolved = resolve(&relation, self.package, self.context);
            let known = self.known(resolved, &relation, dependency);
            for atom in known.unwrap_or_default().into_iter().flatten() {
                self.relations.add(Field::Enhances, vec![atom]);
            }
        }
    }

    fn provides(&mut self, dependency: &Dependency) {
        let Requirement::Simple(relation) = &dependency.what else {
            return;
        };
        let name = plain_name(without_isa(&relation.name));
        if !is_legal(&name) || is_soname(&name) {
            if is_written(dependency) {
                let lost = (relation.name.clone(), dependency.origin);
                self.lost_provides.push(lost);
            }
            return;
        }
        if name == self.own_name() {
            return;
        }
        if let Some((comparison, _)) = &relation.version
            && *comparison != Comparison::Equal
        {
            self.warn_of_loss(dependency, "a package is provided in one version, `=`");
        }
        if deb_name(
            &name,
            &self.context.distribution,
            self.context.debbuild_aware,
        ) != name
            && name == plain_name(&self.package.name)
        {
            return; // comes with provide_spec_name
        }
        let is_open = |it: &Comparison| matches!(it, Comparison::Less | Comparison::Greater);
        let offered = parsed(relation).filter(|(comparison, _)| !is_open(comparison));
        let version = offered.and_then(|(_, evr)| deb_version(&evr).ok());
        let atom = Atom {
            name,
            version: version.map(|version| (Sign::Equal, version)),
        };
        self.relations.add(Field::Provides, vec![atom]);
    }

    /// A package that a suffix rule has renamed is still found under the name the spec gives it.
    fn provide_spec_name(&mut self) {
        let name = plain_name(&self.package.name);
        let Ok(version) = deb_version(&self.package.evr) else {
            return;
        };
        if name != self.own_name() && is_legal(&name) {
            self.relations.add(
                Field::Provides,
                vec![Atom::versioned(name, Sign::Equal, version)],
            );
        }
    }

    /// Policy 7.4: `Conflicts` is for packages that can never be unpacked together; a conflict with
    /// some versions is a `Breaks`.
    fn conflicts(&mut self, dependency: &Dependency) {
        let expressed = express(&dependency.what);
        if expressed.lossy || expressed.needed.len() > 1 {
            self.warn_of_loss(dependency, "the conflict is left out");
            return;
        }
        for relation in expressed.needed.into_iter().flatten() {
            match resolve(relation, self.package, self.context) {
                Resolved::Clauses(clauses) | Resolved::Unknown(Some(clauses))
                    if clauses.len() > 1 =>
                {
                    self.warn_of_loss(dependency, "the conflict is left out");
                }
                Resolved::Clauses(clauses) | Resolved::Unknown(Some(clauses)) => {
                    let own = self.own_name();
                    for atom in clauses
                        .into_iter()
                        .flatten()
                        .filter(|atom| atom.name != own)
                    {
                        let field = conflict_field(&atom);
                        self.relations.add(field, vec![atom]);
                    }
                }
                Resolved::Unknown(None) => self.warn_of_unknown(relation, None, dependency),
                Resolved::Nothing | Resolved::Essential(_) => {}
            }
        }
    }

    /// Policy 7.6: a package that is superseded gets `Conflicts` and `Replaces`, with which dpkg removes
    /// it as rpm does. What the spec still makes stays: files that it gave away move with `Breaks` and
    /// `Replaces`.
    fn obsoletes(&mut self, dependency: &Dependency) {
        let Requirement::Simple(relation) = &dependency.what else {
            return;
        };
        let version = parsed(relation).and_then(|(comparison, evr)| own_bound(comparison, &evr));
        let name = self.plain_name_of(relation);
        let atom = Atom { name, version };
        if !is_legal(&atom.name) {
            self.warn_of_lost_kind("Obsoletes", "no package has such a name", dependency);
            return;
        }
        if atom.name == self.own_name() {
            return;
        }
        if let Some((field, atom)) = self.exclusion(&atom) {
            self.relations.add(field, vec![atom]);
        }
        self.relations.add(Field::Replaces, vec![atom]);
    }

    /// What keeps an obsolete package from being installed beside this one. To rpm only names are
    /// obsolete, but `Conflicts` is about what other packages of the spec provide too.
    fn exclusion(&self, obsolete: &Atom) -> Option<(Field, Atom)> {
        let mut others = self
            .context
            .packages
            .iter()
            .filter(|it| it.name != self.package.name);
        if obsolete.version.is_some() {
            let is_made = others.any(|it| package_name(it, self.context) == obsolete.name);
            let field = if is_made {
                Field::Breaks
            } else {
                Field::Conflicts
            };
            return Some((field, obsolete.clone()));
        }
        let provided = others.find_map(|it| self.provided_version(it, &obsolete.name));
        match provided {
            None => Some((Field::Conflicts, obsolete.clone())),
            Some(version) => {
                let older = Atom::versioned(obsolete.name.clone(), Sign::Earlier, version?);
                Some((Field::Conflicts, older))
            }
        }
    }

    /// The version of a name that another package of the spec provides, if it provides the name.
    fn provided_version(&self, other: &Package, name: &str) -> Option<Option<String>> {
        let provided = other.relations(RelationKind::Provides).iter();
        let mut relations = provided.flat_map(|it| it.what.relations());
        let found = relations.find(|it| self.plain_name_of(it) == name)?;
        Some(parsed(found).and_then(|(_, evr)| deb_version(&evr).ok()))
    }

    /// Reports capabilities that no name in a `.deb` can stand for, all at once.
    fn check_lost_provides(&mut self) {
        let lost = std::mem::take(&mut self.lost_provides);
        let Some(((first, origin), others)) = lost.split_first() else {
            return;
        };
        let more = match others.len() {
            0 => String::new(),
            1 => " and one more capability".to_owned(),
            count => format!(" and {count} more capabilities"),
        };
        let message = format!("a .deb cannot provide `{first}`{more}: only names of packages");
        let finding = Diagnostic::warning(codes::LOSSY_DEPENDENCY, message).at(*origin);
        let labelled = |finding: Diagnostic, other: &Lost| finding.label(other.1, "");
        let finding = others.iter().take(3).fold(finding, labelled);
        self.sink.push(finding);
    }

    fn warn_of_lost_kind(&mut self, kind: &str, reason: &str, dependency: &Dependency) {
        if !is_written(dependency) {
            return;
        }
        let message = format!("a .deb cannot say `{kind}: {dependency}`: {reason}");
        self.sink
            .push(Diagnostic::warning(codes::LOSSY_DEPENDENCY, message).at(dependency.origin));
    }

    /// A relation that was written in Debian's words.
    fn as_written(&mut self, field: Field, dependency: &Dependency) {
        for relation in dependency.what.relations() {
            let version = parsed(relation)
                .and_then(|(comparison, evr)| Some((sign(comparison), deb_version(&evr).ok()?)));
            let name = self.plain_name_of(relation);
            let atom = Atom { name, version };
            self.relations.add(field, vec![atom]);
        }
    }

    /// A name without translation, for packages that specs are made into.
    fn plain_name_of(&self, relation: &Relation) -> String {
        let name = without_isa(&relation.name);
        let context = self.context;
        deb_name(name, &context.distribution, context.debbuild_aware)
    }

    fn own_name(&self) -> String {
        package_name(self.package, self.context)
    }

    fn warn_of_loss(&mut self, dependency: &Dependency, what: &str) {
        let message = format!("a .deb cannot say `{dependency}`: {what}");
        self.sink
            .push(Diagnostic::warning(codes::LOSSY_DEPENDENCY, message).at(dependency.origin));
    }

    fn warn_of_unknown(
        &mut self,
        relation: &Relation,
        kept: Option<&[Clause]>,
        dependency: &Dependency,
    ) {
        let name = &relation.name;
        let taken = kept.and_then(|clauses| clauses.first()?.first());
        let outcome = match taken {
            None => "it is left out".to_owned(),
            Some(atom) if atom.name == plain_name(name) => "the name is kept as it is".to_owned(),
            Some(atom) => format!(
                "`{}` is taken, as such packages are usually called",
                atom.name
            ),
        };
        let message = format!("no package of the target is known to provide `{name}`: {outcome}");
        let note = match self.package.name.as_str() {
            "" => "needed by the build".to_owned(),
            name => format!("needed by package `{name}`"),
        };
        self.sink.push(
            Diagnostic::warning(codes::UNRESOLVED, message)
                .at(dependency.origin)
                .note(note),
        );
    }
}

/// The field for `Requires(…)`; `None` for what has no meaning outside rpm.
///
/// `Pre-Depends` only where a scriptlet runs before the package is unpacked: Policy 7.2 asks for
/// restraint.
fn requires_field(when: Phases, package: &Package) -> Option<Field> {
    let has = |phase, slot| when.has(phase) && package.scriptlets.contains_key(&slot);
    if when.has(Phase::Rpmlib) || when.has(Phase::Config) || when.has(Phase::Trigger) {
        return None;
    }
    let only_verify = Phases::NONE.with(Phase::Verify);
    if when == only_verify || when == only_verify.with(Phase::Interp) {
        return None;
    }
    if when.has(Phase::MissingOk) {
        return Some(Field::Recommends);
    }
    let early = has(Phase::Pre, Slot::Pre) || has(Phase::PreTrans, Slot::PreTrans);
    Some(if early {
        Field::PreDepends
    } else {
        Field::Depends
    })
}

/// Whether it is the spec's own, and no generator's or rpm's.
fn is_written(dependency: &Dependency) -> bool {
    dependency.origin.is_some() && !dependency.when.has(Phase::Generated)
}

/// The names in `packageand(a:b)`, which was there before `(a and b)`; else the relation itself.
fn members(relation: &Relation) -> Vec<Relation> {
    let inner = relation.name.strip_prefix("packageand(");
    let Some(inner) = inner.and_then(|it| it.strip_suffix(')')) else {
        return vec![relation.clone()];
    };
    let names = inner.split(':').filter(|it| !it.is_empty());
    let plain = names.map(|name| Relation {
        name: name.to_owned(),
        version: None,
    });
    plain.collect()
}

/// Whether it is an extra of a Python distribution, `python3dist(x[extra])`.
fn is_extra(relation: &Relation) -> bool {
    relation.name.contains("dist(") && relation.name.ends_with("])")
}

/// Whether it is a user or a group. Those of files are reported at the file, see `made_accounts`.
fn is_account(relation: &Relation) -> bool {
    Account::parse(&relation.name).is_some()
}

fn conflict_field(atom: &Atom) -> Field {
    if atom.version.is_some() {
        Field::Breaks
    } else {
        Field::Conflicts
    }
}

fn either(left: Option<Vec<Clause>>, right: Vec<Clause>) -> Vec<Clause> {
    let Some(left) = left else { return right };
    let pairs = left
        .iter()
        .flat_map(|a| right.iter().map(move |b| [&a[..], &b[..]].concat()));
    pairs.collect()
}

/// A relation's version, taken apart.
fn parsed(relation: &Relation) -> Option<(Comparison, Evr)> {
    let (comparison, version) = relation.version.as_ref()?;
    Some((*comparison, Evr::parse(version).ok()?))
}
